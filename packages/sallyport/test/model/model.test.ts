/** Random steps of operators, services and callers. The answers must be among those that `verdicts.ts` allows. */
import { hasRedis } from '@sallyport/test-parts/redis-server';
import { expect, it } from 'vitest';
import { checkModel, readOptions } from './check-model.ts';

it.skipIf(!hasRedis)(
  'OPS-14: answers as documented through rotations, outages, denials and restarts',
  async () => {
    const report = await checkModel(readOptions(process.env, { seconds: 20 }));

    expect(report.failure ?? 'none').toBe('none');
    expect(report.requests).toBeGreaterThan(0);
  },
);
