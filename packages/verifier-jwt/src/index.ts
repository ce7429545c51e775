export type { AsymmetricAlgorithm } from '@sallyport/core';
export type { BehindGoogleIapOptions } from './front-door/behind-google-iap.ts';
export { behindGoogleIap } from './front-door/behind-google-iap.ts';
export type { ScopeGrants } from './front-door/grant-scopes.ts';
export { grantScopes } from './front-door/grant-scopes.ts';
export type { AudienceOptions, TrustedIssuer } from './issuer/trusted-issuer.ts';
export type { JwtVerifierOptions } from './jwt-verifier.ts';
export { createJwtVerifier } from './jwt-verifier.ts';
export type { HmacSecretOptions } from './keys/hmac/hmac-secret.ts';
export { hmacSecret } from './keys/hmac/hmac-secret.ts';
export type { SecretEncoding } from './keys/hmac/secret-encoding.ts';
export type { KeyEvent } from './keys/key-event.ts';
export { isLeak } from './keys/key-event.ts';
export type {
  HmacKeySource,
  KeyQuery,
  KeyRing,
  PublicKeySource,
  SinglePublicKeySource,
  VerificationKey,
} from './keys/key-source.ts';
export { localJwks } from './keys/local-jwks.ts';
export { publicKey } from './keys/public-key.ts';
export type { DiscoverJwksOptions } from './keys/remote/discover-jwks.ts';
export { discoverJwks } from './keys/remote/discover-jwks.ts';
export type { FetchedKeysOptions } from './keys/remote/fetched-keys-options.ts';
export type { RemoteJwksOptions } from './keys/remote/remote-jwks.ts';
export { remoteJwks } from './keys/remote/remote-jwks.ts';
export type { KeyAtHand, RotatingOptions } from './keys/rotating.ts';
export { rotating } from './keys/rotating.ts';
export type { PresetOptions, Presets } from './providers/presets.ts';
export { providers } from './providers/presets.ts';
export type {
  ProviderOptions,
  RequiredAudience,
  SelfHostedProviderOptions,
} from './providers/provider-options.ts';
export { trustProvider } from './providers/trust-provider.ts';
export type { HmacAlgorithm } from './signature/hmac-algorithms.ts';
export type { JsonObject } from './token/compact-jws.ts';
export type { TokenProfile } from './token/validate-header.ts';
export type { VerifiedJws, VerifyJwsOptions } from './verify-jws.ts';
export { verifyJws } from './verify-jws.ts';
