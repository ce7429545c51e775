export type { RateLimit, RateLimiterFixture, TimedRateLimiter } from './rate-limiter.ts';
export { describeRateLimiter } from './rate-limiter.ts';
export { lookupOutcome, waitForever } from './secrets/lookup-outcome.ts';
export type {
  RotatingSecretOptions,
  RotatingSecretProvider,
  RotatingSecretProviderFixture,
  RotatingStore,
} from './secrets/rotating-fixture.ts';
export { describeRotatingSecretProvider } from './secrets/rotating-secret-provider.ts';
export type { SecretProviderFixture } from './secrets/secret-provider.ts';
export { describeSecretProvider } from './secrets/secret-provider.ts';
export { contractNowSeconds, contractThumbprint, testContext } from './test-context.ts';
export type { TokenFault } from './token-faults.ts';
export type { TokenVerifierFixture } from './token-verifier.ts';
export { describeTokenVerifier } from './token-verifier.ts';
