import { describeOutages } from '../test/outages.ts';

describeOutages({
  timeoutMs: 100,
  recoversWithinMs: 2_000,
  operationsPerSecond: 2_000,
  lastsMs: 30_000,
});
