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

/** Presets without an audience option: tokens name the client, the project or nobody there. */
export const withoutAudience: ReadonlySet<ProviderName | undefined> = new Set<ProviderName>([
  'authentik',
  'firebase',
  'supabase',
]);
