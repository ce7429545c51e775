export type { RateLimit, RateLimiterFixture, TimedRateLimiter } from './rate-limiter.ts';
export { describeRateLimiter } from './rate-limiter.ts';
export type {
  RotatingSecretOptions,
  RotatingSecretProvider,
  RotatingSecretProviderFixture,
  RotatingStore,
} from './rotating-fixture.ts';
export { describeRotatingSecretProvider } from './rotating-secret-provider.ts';
export type { SecretProviderFixture } from './secret-provider.ts';
export { describeSecretProvider } from './secret-provider.ts';
export { contractNowSeconds, contractThumbprint, testContext } from './test-context.ts';
export type { TokenFault, TokenVerifierFixture } from './token-verifier.ts';
export { describeTokenVerifier } from './token-verifier.ts';
