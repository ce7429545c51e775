import fc from 'fast-check';
import { apiKeySteps, keyFileSteps } from './api-key-steps.ts';
import * as operations from './operations.ts';
import { burstStep, requestStep } from './requests.ts';
import type { Step } from './step.ts';

/** Steps of all kinds, requests most often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: requestStep },
  { weight: 4, arbitrary: burstStep },
  { weight: 14, arbitrary: operations.timeSteps },
  { weight: 5, arbitrary: operations.wallSteps },
  { weight: 8, arbitrary: fc.oneof(...operations.keySteps) },
  { weight: 6, arbitrary: operations.hostSteps },
  { weight: 6, arbitrary: fc.oneof(...operations.secretSteps) },
  { weight: 4, arbitrary: fc.oneof(...operations.introspectionSteps) },
  { weight: 4, arbitrary: fc.oneof(...operations.redisSteps) },
  { weight: 8, arbitrary: fc.oneof(...apiKeySteps) },
  { weight: 2, arbitrary: fc.oneof(...keyFileSteps) },
  { weight: 4, arbitrary: operations.opaqueSteps },
  { weight: 6, arbitrary: operations.denialSteps },
  { weight: 2, arbitrary: operations.restart },
);
