import type { Provider, ProviderRules } from './provider.ts';
import {
  auth0,
  authentik,
  clerk,
  cognito,
  descope,
  entra,
  firebase,
  google,
  keycloak,
  logto,
  okta,
  oryHydra,
  ping,
  stytch,
  supabase,
  workos,
  zitadel,
} from './table.ts';

const rows: readonly ProviderRules<never>[] = [
  auth0,
  authentik,
  clerk,
  cognito,
  descope,
  entra,
  firebase,
  google,
  keycloak,
  logto,
  okta,
  oryHydra,
  ping,
  stytch,
  supabase,
  workos,
  zitadel,
];

/**
 * Every identity provider that Sallyport knows, by name. Those whose tokens a proxy adds are in `frontDoors`.
 */
export const knownProviders: readonly Provider[] = rows as readonly Provider[];
