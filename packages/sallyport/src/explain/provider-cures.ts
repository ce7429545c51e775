/** What to click or set at each identity provider, for the checks that break most often. */
import type { Provider } from '@sallyport/verifier-jwt/providers';

/** What a cure may name. */
export interface CureFacts {
  /** The audience that this server wants. */
  readonly audience: string;
  /** The scopes that are missing. */
  readonly scopes: string;
}

type Cure = (facts: CureFacts) => string;
type Topic = 'audience' | 'scopes' | 'opaque';

/** By the name of the provider. */
const cures: Readonly<Record<string, Partial<Record<Topic, Cure>>>> = {
  auth0: {
    audience: ({ audience }) =>
      `In Auth0, create an API with the identifier ${audience}. The client must then ask for it with "audience", or with "resource" once the tenant's Resource Parameter Compatibility Profile is on.`,
    scopes: ({ scopes }) =>
      `In Auth0, add ${scopes} to the permissions of the API, let the client ask for it, and grant it to the user.`,
    opaque: ({ audience }) =>
      `Auth0 issues such tokens to clients that name no API. The client must ask for audience=${audience}.`,
  },
  entra: {
    audience: ({ audience }) =>
      `The client must ask Entra for a scope of this server by its full name, such as ${audience}/.default. Entra then writes this audience.`,
    scopes: ({ scopes }) =>
      `In Entra, expose ${scopes} under "Expose an API" and let the client ask for it. Tokens without a user carry "roles" in place of scopes.`,
  },
  google: {
    audience: ({ audience }) =>
      `Ask Google for an ID token with this audience: gcloud auth print-identity-token --audiences=${audience}`,
    scopes: () =>
      'ID tokens of Google have no scopes. Leave FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES empty and set FASTMCP_SERVER_AUTH_TOOL_SCOPES={}.',
    opaque: ({ audience }) =>
      `Access tokens of Google (ya29...) can be checked by Google alone. Send an ID token: gcloud auth print-identity-token --audiences=${audience}`,
  },
  okta: {
    audience: ({ audience }) =>
      `In Okta, under Security > API, set the audience of the custom authorization server to ${audience}.`,
    scopes: ({ scopes }) =>
      `In Okta, add ${scopes} to the scopes of the authorization server, and allow it in an access policy for this client.`,
    opaque: () =>
      'Tokens of the org authorization server of Okta can be checked by Okta alone. The client must use a custom authorization server, such as /oauth2/default.',
  },
  keycloak: {
    audience: ({ audience }) =>
      `In Keycloak, add a mapper of the type "Audience" to a client scope of the client, with the custom audience ${audience}.`,
    scopes: ({ scopes }) =>
      `In Keycloak, create the client scope ${scopes}, assign it to the client, and turn "Include in token scope" on.`,
  },
  cognito: {
    audience: () =>
      'Access tokens of Cognito name no audience. List the client in FASTMCP_SERVER_AUTH_JWT_CLIENT_IDS and set FASTMCP_SERVER_AUTH_JWT_PROVIDER=cognito, or turn resource binding on.',
    scopes: ({ scopes }) =>
      `In Cognito, add ${scopes} to a resource server of the user pool, and allow it for the app client.`,
  },
  supabase: {
    audience: () =>
      'Tokens of Supabase always have the audience "authenticated". Set FASTMCP_SERVER_AUTH_JWT_PROVIDER=supabase and list the clients in FASTMCP_SERVER_AUTH_JWT_CLIENT_IDS.',
  },
  workos: {
    audience: ({ audience }) =>
      `In WorkOS, add ${audience} as a resource indicator under Connect > Configuration. The client must send it as "resource".`,
  },
  clerk: {
    opaque: () => 'In Clerk, turn "Generate access tokens as JWT" on for the OAuth application.',
  },
  logto: {
    audience: ({ audience }) =>
      `In Logto, create an API resource with the indicator ${audience}. The client must send it as "resource".`,
    opaque: () => 'Logto issues opaque tokens where the client names no "resource".',
  },
  descope: {
    audience: ({ audience }) => `In Descope, register the MCP server with the URL ${audience}.`,
  },
};

/** What to do at this provider; `undefined` where nothing is special about it. */
export function cureAtProvider(
  provider: Provider | undefined,
  topic: Topic,
  facts: CureFacts,
): string | undefined {
  return provider === undefined ? undefined : cures[provider.name]?.[topic]?.(facts);
}
