import { detectEnvironment } from '@sallyport/core';
import { createGuardedFetch } from '@sallyport/guarded-fetch';

const keys = createGuardedFetch({
  url: process.env['JWKS_URL'] ?? 'https://auth.example.com/jwks',
  environment: detectEnvironment(process.env),
  timeoutSeconds: 5,
});

export const answer = await keys.request({ signal: AbortSignal.timeout(10_000) });
await keys.close();
