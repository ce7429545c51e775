import { detectEnvironment } from '@sallyport/core';
import { createEnvSecrets } from '@sallyport/secrets-env';

const variables = { ENVIRONMENT: 'development', JWT_PUBLIC_KEY: 'kX3vQ9mZrT7bW2pL' };
export const events: unknown[] = [];
const secrets = createEnvSecrets({
  variables,
  environment: detectEnvironment(variables),
  envFile: '.env',
  onEvent: (event) => events.push(event),
});

const context = { signal: AbortSignal.timeout(1_000) };
export const present = await secrets.get('JWT_PUBLIC_KEY', context);
export const absent = await secrets.get('JWT_ISSUER', context);
