/** Issuers that no token of a known provider has. Each problem says what its tokens have instead. */

type Mistake = readonly [form: RegExp, problem: string];

const tenantOfEntra =
  'must have the GUID of your tenant in it: tokens of Entra have it, also where clients use a domain, common, organizations or consumers. Take it from the overview of Microsoft Entra ID';
const versionsOfEntra =
  'is not an issuer of Entra. Version 2: https://login.microsoftonline.com/<GUID>/v2.0 without a slash at the end. Version 1: https://sts.windows.net/<GUID>/ with one. The requestedAccessTokenVersion of your API decides which of them its tokens have';
const orgServerOfOkta =
  'is the org authorization server of Okta, and its access tokens are for Okta alone. Use a custom authorization server, such as https://acme.okta.com/oauth2/default';
const noSlash = (provider: string) =>
  `must not end with a slash: the issuers of ${provider} have none. Take the slash away`;
const slash = (provider: string) =>
  `must end with a slash: the issuers of ${provider} do. Add the slash`;

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const okta = String.raw`^https:\/\/[a-z0-9-]+\.(?:okta|oktapreview|okta-emea|okta-gov|trexcloud)\.com`;

// The first one that fits counts.
const mistakes: readonly Mistake[] = [
  [
    /\/\.well-known\//,
    'is the address of metadata. Set it to the value of "issuer" in that document',
  ],
  [
    /\/(?:oauth2?\/(?:v\d(?:\.\d)?\/)?(?:authorize|token)|protocol\/openid-connect\/\w+|discovery\/(?:v2\.0\/)?keys|v1\/keys|jwks(?:\.json)?)\/?$/,
    'is the address of an endpoint. Set it to the value of "issuer" in the metadata of the provider',
  ],
  [new RegExp(`^https://login\\.microsoftonline\\.com/${guid}/v2\\.0$`), ''],
  [new RegExp(`^https://sts\\.windows\\.net/${guid}/$`), ''],
  [
    /^https:\/\/(?:login\.(?:microsoftonline|windows)|sts\.windows)\.(?:com|net)\/(?=[^/]*[A-Z])[0-9A-Fa-f-]{36}(?:\/|$)/,
    'must have its GUID in lower case: tokens of Entra do',
  ],
  [
    new RegExp(
      `^https://(?:login\\.(?:microsoftonline|windows)|sts\\.windows)\\.(?:com|net)/${guid}(?:/|$)`,
    ),
    versionsOfEntra,
  ],
  [
    /^https:\/\/(?:login\.microsoftonline\.com|login\.windows\.net|sts\.windows\.net)(?:\/|$)/,
    tenantOfEntra,
  ],
  [/^https:\/\/accounts\.google\.com\/+$/, noSlash('Google')],
  [/^https:\/\/securetoken\.google\.com\/[^/]+\/$/, noSlash('Firebase')],
  [
    /^https:\/\/[a-z0-9-]+-admin\.okta(?:preview)?\.com/,
    'is the address of the admin console. Take -admin out of it, and name a custom authorization server, such as https://acme.okta.com/oauth2/default',
  ],
  [new RegExp(`${okta}(?:/|/oauth2/?|/oauth2/v1/?)?$`), orgServerOfOkta],
  [new RegExp(`${okta}/oauth2/[^/]+/$`), noSlash('Okta')],
  [/^https:\/\/[a-z0-9.-]+\.auth0\.com$/, slash('Auth0')],
  [
    /^https:\/\/cognito-idp\.([a-z0-9-]+)\.amazonaws\.com\/(?!\1_)[a-z]/,
    'names a user pool of another region. The id of the pool begins with the region',
  ],
  [/^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/[^/]+\/$/, noSlash('Cognito')],
  [
    /^https:\/\/[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com(?:\/|$)/,
    'is the address of the sign-in page. Set it to https://cognito-idp.<region>.amazonaws.com/<id of the user pool>',
  ],
  [/\/admin\/realms\//, 'is the address of the admin interface of Keycloak. Take /admin out of it'],
  [/\/realms\/[^/]+\/$/, noSlash('Keycloak')],
  [/\/application\/o\/[^/]+$/, slash('authentik')],
  [/^https:\/\/[a-z0-9-]+\.authkit\.app\/$/, noSlash('WorkOS')],
  [/^https:\/\/[a-z0-9.-]+\.clerk\.accounts\.dev\/$/, noSlash('Clerk')],
  [/^https:\/\/[a-z0-9-]+\.zitadel\.cloud\/$/, noSlash('Zitadel')],
  [
    /^https:\/\/(?:[a-z0-9-]+\.)?stytch\.com\/project-/,
    'must be stytch.com/ and the id of the project, without https://: tokens of Stytch have no scheme there',
  ],
  [
    /^https:\/\/[a-z]{20}\.supabase\.co(?!\/auth\/v1$)/,
    'must end with /auth/v1: the issuers of Supabase do, without a slash behind it',
  ],
  [
    /^https:\/\/[a-z0-9-]+\.logto\.app(?!\/oidc$)/,
    'must end with /oidc: the issuers of Logto do, without a slash behind it',
  ],
  [
    new RegExp(`^https://auth\\.pingone\\.[a-z.]+/${guid}(?!/as$)`),
    'must end with /as: the issuers of PingOne do, without a slash behind it',
  ],
];

/** What is wrong with an issuer, as far as its form says; `undefined` for all others. */
export function findIssuerMistake(issuer: string): string | undefined {
  const [, problem] = mistakes.find(([form]) => form.test(issuer)) ?? [];
  return problem === '' ? undefined : problem;
}

/** Issuers whose access tokens do not name this server, and the preset that knows what they name. */
const namedByClients: readonly Mistake[] = [
  [/^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\//, 'cognito'],
  [/^https:\/\/[a-z]{20}\.supabase\.co\//, 'supabase'],
];

/** The preset without which tokens of this issuer mostly have no fitting `aud`. */
export function presetForClients(issuer: string): string | undefined {
  return namedByClients.find(([form]) => form.test(issuer))?.[1];
}

const tenantMistakes: Readonly<Record<string, readonly Mistake[]>> = {
  entra: [[/^(?!.*[0-9a-f]{8}-)[\w.-]+$/i, tenantOfEntra]],
  keycloak: [
    [
      /\/admin\/realms\//,
      'is the address of the admin interface of Keycloak. Take /admin out of it',
    ],
    [/\/realms\/[^/]+\/$/, noSlash('Keycloak')],
  ],
  authentik: [[/\/application\/o\/[^/]+$/, slash('authentik')]],
  okta: [
    [
      /^(?:https:\/\/)?[a-z0-9.-]+(?:\/oauth2)?\/?$/,
      'is the org authorization server of Okta, and its access tokens are for Okta alone. Name a custom authorization server too, such as acme.okta.com/oauth2/default',
    ],
    [
      /^https:\/\/[a-z0-9.-]+\/oauth2\/[^/]+\/?$/,
      'must not have a scheme or a slash at the end: write it as acme.okta.com/oauth2/default',
    ],
  ],
  cognito: [
    [
      /^https:\/\/cognito-idp\./,
      'must be the id of the user pool alone, such as eu-central-1_AbCdEfGhI',
    ],
  ],
};

/** What is wrong with the tenant of a preset, where a common mistake can be told by its form. */
export function findTenantMistake(provider: string, tenant: string): string | undefined {
  return tenantMistakes[provider]?.find(([form]) => form.test(tenant))?.[1];
}
