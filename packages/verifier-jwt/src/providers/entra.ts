import { type Checks, check, listNames } from '@sallyport/core';
import { readGuid, refuseOption } from './identifiers.ts';
import type { Provider } from './provider.ts';
import {
  audienceChecks,
  type OneOrMore,
  type ProviderOptions,
  providerChecks,
  type RequiredAudience,
} from './provider-options.ts';

/** Options for `providers.entra`. */
interface EntraOptions extends ProviderOptions, RequiredAudience {
  /** GUIDs of the tenants to trust. Domain names, `common` and `organizations` are refused. */
  readonly tenants: OneOrMore<string>;
  /**
   * The version of the tokens: `requestedAccessTokenVersion` of the API, where `null` means 1. The
   * endpoint that clients use does not matter. Default 2.
   */
  readonly tokenVersion?: 1 | 2;
  /** The id of the application, if it has signing keys of its own. */
  readonly signingApplicationId?: string;
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const versions = {
  1: {
    issuer: 'https://sts.windows.net/{tenantid}/',
    form: new RegExp(`^https://sts\\.windows\\.net/(${guid})/$`),
    keys: 'discovery/keys',
    client: 'appid',
  },
  2: {
    issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    form: new RegExp(`^https://login\\.microsoftonline\\.com/(${guid})/v2\\.0$`),
    keys: 'discovery/v2.0/keys',
    client: 'azp',
  },
} as const;

const needsGuid =
  'must contain the GUID of your tenant: tokens have it even if clients use a domain, common, organizations or consumers. The overview of Entra shows it';

/**
 * Trusts access tokens of Microsoft Entra ID from the listed tenants only: tokens of users (`scp`)
 * and of applications (`roles`).
 *
 * The audience of version 2 is the client id of the API's registration. The audience of version 1 is
 * mostly its Application ID URI. An ID token has its client as audience and names none, so it is
 * refused. National clouds, External ID and B2C have other issuers.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export const entra: Provider<EntraOptions> = {
  name: 'entra',
  title: 'Entra',
  options: (): Checks<EntraOptions> => ({
    ...providerChecks,
    ...audienceChecks,
    tenants: check.texts,
    tokenVersion: check.optional(check.number),
    signingApplicationId: check.optional(check.text),
  }),

  describe(options) {
    const { tenants, tokenVersion = 2, signingApplicationId } = options;
    if (!Array.isArray(tenants)) refuseOption('tenants', 'must be a list of GUIDs');
    const [first, ...others] = tenants.map((tenant) => readGuid('tenants', tenant));
    if (first === undefined) refuseOption('tenants', 'must name at least one');
    if (tokenVersion !== 1 && tokenVersion !== 2) refuseOption('tokenVersion', 'must be 1 or 2');
    const version = versions[tokenVersion];
    // The common set holds the keys of every tenant. Each key says which issuer it is for.
    const directory = others.length === 0 ? first : 'common';
    const query =
      signingApplicationId === undefined
        ? ''
        : `?appid=${readGuid('signingApplicationId', signingApplicationId)}`;
    return {
      issuer: version.issuer,
      tenants: [first, ...others],
      jwksUrl: `https://login.microsoftonline.com/${directory}/${version.keys}${query}`,
      recipients: options,
      algorithms: ['RS256'],
      profile: 'legacy',
      clientIdClaims: [version.client],
      scopeClaims: ['scp', 'roles'],
      requiredClaims: { ver: `${tokenVersion}.0` },
    };
  },

  tenant: {
    allowed: 'the GUIDs of the tenants to trust, separated by commas',
    example: '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f',
    form: /^([^,]+)(?:,(.+))?$/,
    options: (first, others) => ({ tenants: [first, ...others.split(',').filter(Boolean)] }),
    mistakes: [[/^(?!.*[0-9a-f]{8}-)[\w.-]+$/i, needsGuid]],
  },
  audience: 'server',
  issuers: /^https:\/\/(?:login\.microsoftonline\.|sts\.windows\.net\/)/,
  recognise(issuer) {
    const found = readIssuer(issuer);
    return found && { tenant: found.tenant, options: { tokenVersion: found.version } };
  },
  issuerMistakes: [
    [
      /^https:\/\/(?:login\.(?:microsoftonline|windows)|sts\.windows)\.(?:com|net)\/(?=[^/]*[A-Z])[0-9A-Fa-f-]{36}(?:\/|$)/,
      'must have its GUID in lower case: tokens of Entra do',
    ],
    [
      new RegExp(
        `^https://(?:login\\.(?:microsoftonline|windows)|sts\\.windows)\\.(?:com|net)/${guid}(?:/|$)`,
      ),
      'is not an issuer of Entra. Version 2: https://login.microsoftonline.com/<GUID>/v2.0 without a slash at the end. Version 1: https://sts.windows.net/<GUID>/ with one. The requestedAccessTokenVersion of your API decides which',
    ],
    [
      /^https:\/\/(?:login\.microsoftonline\.com|login\.windows\.net|sts\.windows\.net)(?:\/|$)/,
      needsGuid,
    ],
  ],
  keyHost: 'login.microsoftonline.com',
  // A token names the scope alone. A request names the API before it.
  requestName: (scope, audience) => `${audience}/${scope}`,
  otherAudiences(audience) {
    // Entra makes an Application ID URI out of the client id. Tokens of version 2 have the client id
    // as audience, whichever of the two the client asked for.
    const [, clientId] = /^api:\/\/([0-9a-f-]{36})$/.exec(audience) ?? [];
    return clientId === undefined ? [] : [clientId];
  },
  audienceMistakes: [
    [
      /^(?:00000003-0000-0000-c000-000000000000|https:\/\/graph\.microsoft\.com)$/,
      'for Microsoft Graph: the client must ask for a scope of this server with its full name',
    ],
  ],

  explainIssuer(issuer, trusted) {
    const found = readIssuer(issuer);
    if (found === undefined) return undefined;
    for (const name of trusted) {
      const known = readIssuer(name);
      if (known?.tenant === found.tenant && known?.version !== found.version) {
        return `a version ${found.version} token of Entra, and version ${known?.version} is configured: set requestedAccessTokenVersion of the API to ${known?.version}, or configure the other issuer`;
      }
    }
    return trusted.some((name) => readIssuer(name) !== undefined)
      ? `another tenant of Entra; configured: ${listNames(trusted)}`
      : undefined;
  },
};

function readIssuer(issuer: string): { tenant: string; version: 1 | 2 } | undefined {
  for (const version of [1, 2] as const) {
    const [, tenant] = versions[version].form.exec(issuer) ?? [];
    if (tenant !== undefined) return { tenant, version };
  }
  return undefined;
}
