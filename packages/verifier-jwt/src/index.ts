export type {
  AudienceOptions,
  IssuerOptions,
  KeyOptions,
  TrustedIssuer,
} from './issuer/trusted-issuer.ts';
export type { JwtVerifierOptions } from './jwt-verifier.ts';
export { createJwtVerifier } from './jwt-verifier.ts';
export type { HmacSecretOptions } from './keys/hmac/hmac-secret.ts';
export { hmacSecret } from './keys/hmac/hmac-secret.ts';
export type { SecretEncoding } from './keys/hmac/secret-encoding.ts';
export type { DropReason, KeyEvent } from './keys/key-event.ts';
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
export type { FetchedKeysOptions, RemoteJwksOptions } from './keys/remote/remote-jwks.ts';
export { remoteJwks } from './keys/remote/remote-jwks.ts';
export type { KeyAtHand, Replaceable, RotatingOptions } from './keys/rotating.ts';
export { rotating } from './keys/rotating.ts';
export type {
  Auth0Options,
  AuthentikOptions,
  ClerkOptions,
  CognitoOptions,
  DescopeOptions,
  EntraOptions,
  FirebaseOptions,
  GoogleIapOptions,
  GoogleOptions,
  KeycloakOptions,
  LogtoOptions,
  OktaOptions,
  OryHydraOptions,
  PingOptions,
  ProviderOptions,
  RequiredAudience,
  SelfHostedProviderOptions,
  StytchOptions,
  SupabaseOptions,
  WorkosOptions,
  ZitadelOptions,
} from './providers/index.ts';
export * as providers from './providers/index.ts';
export type { AsymmetricAlgorithm, HmacAlgorithm } from './signature/algorithms.ts';
export { isAsymmetricAlgorithm, isHmacAlgorithm } from './signature/algorithms.ts';
export type { JsonObject } from './token/compact-jws.ts';
export type { TokenProfile } from './token/validate-header.ts';
export type { TokenCacheOptions } from './token/verified-token-cache.ts';
export type { VerifiedJws, VerifyJwsOptions } from './verify-jws.ts';
export { verifyJws } from './verify-jws.ts';
