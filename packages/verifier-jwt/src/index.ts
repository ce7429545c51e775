export type { AsymmetricAlgorithm, HmacAlgorithm } from './algorithms.ts';
export { isAsymmetricAlgorithm, isHmacAlgorithm } from './algorithms.ts';
export type { JsonObject } from './compact-jws.ts';
export type { DiscoverJwksOptions } from './discover-jwks.ts';
export { discoverJwks } from './discover-jwks.ts';
export type { TokenProfile } from './header.ts';
export type { HmacSecretOptions } from './hmac-secret.ts';
export { hmacSecret } from './hmac-secret.ts';
export type { JwtVerifierOptions } from './jwt-verifier.ts';
export { createJwtVerifier } from './jwt-verifier.ts';
export type { DropReason, KeyEvent } from './key-event.ts';
export { isLeak } from './key-event.ts';
export type {
  HmacKeySource,
  KeyQuery,
  KeyRing,
  PublicKeySource,
  SinglePublicKeySource,
  VerificationKey,
} from './key-source.ts';
export { localJwks } from './local-jwks.ts';
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
export { publicKey } from './public-key.ts';
export type { FetchedKeysOptions, RemoteJwksOptions } from './remote-jwks.ts';
export { remoteJwks } from './remote-jwks.ts';
export type { KeyAtHand, Replaceable, RotatingOptions } from './rotating.ts';
export { rotating } from './rotating.ts';
export type { SecretEncoding } from './secret-encoding.ts';
export type {
  AudienceOptions,
  IssuerOptions,
  KeyOptions,
  TrustedIssuer,
} from './trusted-issuer.ts';
export type { TokenCacheOptions } from './verified-tokens.ts';
export type { VerifiedJws, VerifyJwsOptions } from './verify-jws.ts';
export { verifyJws } from './verify-jws.ts';
