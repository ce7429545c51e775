/** Presets of `@sallyport/verifier-jwt` that a variable can name. */
export type ProviderName =
  | 'auth0'
  | 'authentik'
  | 'clerk'
  | 'cognito'
  | 'descope'
  | 'entra'
  | 'firebase'
  | 'google'
  | 'keycloak'
  | 'logto'
  | 'okta'
  | 'ory-hydra'
  | 'ping'
  | 'stytch'
  | 'supabase'
  | 'workos'
  | 'zitadel';
