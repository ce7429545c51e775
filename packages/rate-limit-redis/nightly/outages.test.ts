import { describeOutages } from '../test/outages.ts';

describeOutages({ operationsPerSecond: 2_000, lastsMs: 30_000 });
