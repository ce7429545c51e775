export type { Auth0Options } from './auth0.ts';
export { auth0 } from './auth0.ts';
export type { AuthentikOptions } from './authentik.ts';
export { authentik } from './authentik.ts';
export type { ClerkOptions } from './clerk.ts';
export { clerk } from './clerk.ts';
export type { CognitoOptions } from './cognito.ts';
export { cognito } from './cognito.ts';
export type { DescopeOptions } from './descope.ts';
export { descope } from './descope.ts';
export type { EntraOptions } from './entra.ts';
export { entra } from './entra.ts';
export type { FirebaseOptions, GoogleIapOptions, GoogleOptions } from './google.ts';
export { firebase, google, googleIap } from './google.ts';
export type { KeycloakOptions } from './keycloak.ts';
export { keycloak } from './keycloak.ts';
export type { LogtoOptions } from './logto.ts';
export { logto } from './logto.ts';
export type { OktaOptions } from './okta.ts';
export { okta } from './okta.ts';
export type { OryHydraOptions } from './ory-hydra.ts';
export { oryHydra } from './ory-hydra.ts';
export type { PingOptions } from './ping.ts';
export { ping } from './ping.ts';
export type {
  ProviderOptions,
  RequiredAudience,
  SelfHostedProviderOptions,
} from './provider-options.ts';
export type { StytchOptions } from './stytch.ts';
export { stytch } from './stytch.ts';
export type { SupabaseOptions } from './supabase.ts';
export { supabase } from './supabase.ts';
export type { WorkosOptions } from './workos.ts';
export { workos } from './workos.ts';
export type { ZitadelOptions } from './zitadel.ts';
export { zitadel } from './zitadel.ts';
