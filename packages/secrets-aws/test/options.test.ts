import { expect, it } from 'vitest';
import { createAwsSecrets } from '../src/index.ts';

const create = createAwsSecrets as (options?: unknown) => unknown;

it.each([
  [undefined, 'aws: is missing'],
  [{}, 'aws.region: is missing'],
  [{ region: 1 }, 'aws.region: must be a string'],
  [{ region: 'Frankfurt' }, 'aws.region: must be the name of a region'],
  [{ region: 'eu-central-1a' }, 'aws.region: must be the name of a region'],
  [{ region: 'eu-central-1', regions: 1 }, 'unknown option regions. Did you mean region?'],
])('refuses the options %j', (options, problem) => {
  expect(() => create(options)).toThrow(problem);
});
