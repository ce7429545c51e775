/** Floods one limiter in a separate process. It needs `--expose-gc`, and prints JSON. */
import { createHistogram } from 'node:perf_hooks';
import { addressOf, limiters, type OpenLimiter } from '../contestants/limiters.ts';
import type { FloodFigures, FloodTask } from '../report/flood-figures.ts';
import { bytesRetained } from '../rounds/retained.ts';

const { gc } = globalThis;
if (gc === undefined) throw new Error('memory is measured under --expose-gc');
const collect = (): void => gc({ type: 'major', execution: 'sync' });
const task: FloodTask = JSON.parse(process.argv[2] ?? '');
const contestant = limiters.find(({ name }) => name === task.limiter);
if (contestant === undefined) throw new Error(`unknown limiter ${task.limiter}`);

const histogram = createHistogram();
const { bytes, kept } = await bytesRetained(collect, async (scale) => {
  const limiter = contestant.open();
  const addresses = scale === 'all' ? task.addresses : 2_000;
  histogram.reset();
  for (let index = 0; index < addresses; index += 1) {
    const address = addressOf(index);
    const start = process.hrtime.bigint();
    await limiter.peek(address);
    const between = process.hrtime.bigint();
    await limiter.countFailure(address);
    const end = process.hrtime.bigint();
    histogram.record(Math.max(1, Number(between - start)));
    histogram.record(Math.max(1, Number(end - between)));
  }
  return limiter;
});
const figures: FloodFigures = { p99: histogram.percentile(99) / 1_000, bytes };
process.stdout.write(JSON.stringify(figures));
await (kept as OpenLimiter).close();
