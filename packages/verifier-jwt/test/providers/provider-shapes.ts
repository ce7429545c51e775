import type { providers } from '../../src/index.ts';
import * as enterprise from './enterprise-shapes.ts';
import * as google from './google-shapes.ts';
import * as hosted from './hosted-shapes.ts';
import * as projects from './project-shapes.ts';
import type { ProviderShape } from './provider-shape.ts';
import * as selfHosted from './self-hosted-shapes.ts';

/** The shapes of every preset: one without does not compile. */
export const providerShapes: Readonly<Record<keyof typeof providers, ProviderShape>> = {
  ...google,
  ...enterprise,
  ...hosted,
  ...projects,
  ...selfHosted,
};
