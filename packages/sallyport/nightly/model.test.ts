/** An hour of what `test/model` does for 20 seconds. `MODEL_SECONDS` changes the time. */
import { expect, it } from 'vitest';
import { checkModel, readOptions } from '../test/model/check-model.ts';

// The watch for leaks searches everything that a test has shown, so each test is short.
const secondsOfOne = 60;
const { MODEL_SECONDS: seconds = '3600', ...variables } = process.env;
const parts = Array.from({ length: Math.ceil(Number(seconds) / secondsOfOne) }, (_, part) => part);

it.each(parts)(
  'OPS-14: answers as documented in minute %i of rotations, outages, denials and restarts',
  async () => {
    const report = await checkModel(readOptions(variables, { seconds: secondsOfOne }));
    process.stdout.write(
      `${report.requests} requests in ${report.runs} runs, ${report.late} late\n`,
    );

    expect(report.failure ?? 'none').toBe('none');
    expect(report.requests).toBeGreaterThan(0);
  },
);
