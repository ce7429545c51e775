/** An hour of what `test/model` does for 20 seconds. `MODEL_SECONDS` changes the time. */
import { expect, it } from 'vitest';
import { checkModel, readOptions } from '../test/model/check-model.ts';

it('MODEL-01: answers as documented for an hour of rotations, outages, denials and restarts', {
  timeout: 0,
}, async () => {
  const report = await checkModel(readOptions(process.env, { seconds: 3_600 }));
  process.stdout.write(
    `${report.requests} requests in ${report.runs} runs, seed ${report.seed}, ${report.late} late\n`,
  );

  expect(report.failure ?? 'none').toBe('none');
  expect(report.requests).toBeGreaterThan(50);
});
