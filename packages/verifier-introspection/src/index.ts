export type { ClientAuthentication, Credentials } from '@sallyport/client-authentication';
export {
  bearerToken,
  clientSecretBasic,
  clientSecretPost,
  noClientAuthentication,
  privateKeyJwt,
} from '@sallyport/client-authentication';
export type { HybridVerifierOptions } from './hybrid-verifier.ts';
export { createHybridVerifier } from './hybrid-verifier.ts';
export type { IntrospectionProtocol } from './introspection-client.ts';
export type { IntrospectionEvent } from './introspection-event.ts';
export type { IntrospectionVerifierOptions } from './introspection-verifier.ts';
export { createIntrospectionVerifier } from './introspection-verifier.ts';
export type { ProviderOptions } from './providers.ts';
export * as introspectionProviders from './providers.ts';
export type { SignedResponseOptions } from './responses/signed-response.ts';
export { signedResponse } from './responses/signed-response.ts';
export { clerkVerify, googleTokeninfo } from './responses/vendor-protocols.ts';
