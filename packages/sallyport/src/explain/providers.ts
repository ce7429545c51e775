/** Whose token it is: by the preset, or by the form of an issuer. */
import type { Config, ProviderName } from '@sallyport/config';

const issuers: readonly (readonly [ProviderName, RegExp])[] = [
  ['auth0', /^https:\/\/[\w.-]+\.auth0\.com\/?$/],
  ['entra', /^https:\/\/(?:login\.microsoftonline\.com|sts\.windows\.net)\//],
  ['google', /^(?:https:\/\/)?accounts\.google\.com$/],
  ['firebase', /^https:\/\/securetoken\.google\.com\//],
  ['okta', /^https:\/\/[\w-]+\.okta(?:-emea|preview)?\.com(?:\/|$)/],
  ['keycloak', /^https?:\/\/[^/]+(?:\/auth)?\/realms\/[^/]+$/],
  ['cognito', /^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com\//],
  ['supabase', /^https:\/\/[a-z]{20}\.supabase\.co\//],
  ['workos', /^https:\/\/[\w-]+\.authkit\.app$/],
  ['clerk', /^https:\/\/(?:[\w-]+\.clerk\.accounts\.dev|clerk\.[\w.-]+)$/],
  ['logto', /^https:\/\/[\w-]+\.logto\.app\/oidc$/],
  ['zitadel', /^https:\/\/[\w-]+\.zitadel\.cloud$/],
  ['authentik', /^https?:\/\/[^/]+\/application\/o\/[^/]+\/$/],
  ['ping', /^https:\/\/auth\.pingone\.[a-z.]+\//],
];

const names: Partial<Record<ProviderName, string>> = {
  auth0: 'Auth0',
  entra: 'Microsoft Entra',
  google: 'Google',
  firebase: 'Firebase',
  okta: 'Okta',
  keycloak: 'Keycloak',
  cognito: 'Amazon Cognito',
  supabase: 'Supabase',
  workos: 'WorkOS AuthKit',
  clerk: 'Clerk',
  logto: 'Logto',
  zitadel: 'Zitadel',
  'ory-hydra': 'Ory Hydra',
  ping: 'PingOne',
  stytch: 'Stytch',
  descope: 'Descope',
};

/** The provider that the settings name, or whose form the issuer of the settings or of the token has. */
export function findProvider(
  { authentication }: Pick<Config, 'authentication'>,
  issuerOfToken: unknown,
): ProviderName | undefined {
  const configured = authentication.type === 'jwt' ? authentication.provider : undefined;
  const issuer = 'issuer' in authentication ? authentication.issuer : undefined;
  return configured ?? byIssuer(issuer) ?? byIssuer(issuerOfToken);
}

/** The name that people know it by. */
export function nameOfProvider(provider: ProviderName | undefined): string {
  return provider === undefined ? 'the identity provider' : (names[provider] ?? provider);
}

function byIssuer(issuer: unknown): ProviderName | undefined {
  return typeof issuer === 'string'
    ? issuers.find(([, pattern]) => pattern.test(issuer))?.[0]
    : undefined;
}
