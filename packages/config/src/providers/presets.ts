/** What `…_JWT_TENANT` is for each preset, and how it becomes the issuer to trust. */
import type { FetchedKeysOptions, providers, TrustedIssuer } from '@sallyport/verifier-jwt';
import type { ProviderName } from './provider-names.ts';

/** The presets of `@sallyport/verifier-jwt`, which is loaded only where it is needed. */
type Presets = typeof providers;

type Common = NonNullable<Parameters<Presets['auth0']>[0]>;
type Region = Parameters<Presets['ping']>[0]['region'];

/** What all presets are given. */
export interface PresetOptions
  extends FetchedKeysOptions,
    Pick<Common, 'keys' | 'algorithms' | 'clockToleranceSeconds' | 'maximumLifetimeSeconds'> {
  /** What is missing in here the preset refuses. */
  readonly audience: readonly [string, ...string[]];
  readonly clientIds: readonly [string, ...string[]];
}

/** One of them. */
export interface Preset {
  /** Follows "must be". */
  readonly tenant: string;
  /** The parts that the tenant consists of. */
  readonly form: RegExp;
  /** Whether it may be in one's own network. */
  readonly isSelfHosted?: true;
  readonly trust: (
    presets: Presets,
    parts: readonly [string, string],
    options: PresetOptions,
  ) => TrustedIssuer;
}

const whole = /^(.+)$/;

export const presets: Readonly<Record<ProviderName, Preset>> = {
  auth0: {
    tenant: 'the domain, such as `acme.eu.auth0.com`',
    form: whole,
    trust: ({ auth0 }, [domain], options) => auth0({ ...options, domain }),
  },
  authentik: {
    tenant: 'the issuer, such as `https://sso.acme.com/application/o/notes/`',
    form: /^(https?:\/\/.+)\/application\/o\/([^/]+)\/$/,
    isSelfHosted: true,
    trust: ({ authentik }, [baseUrl, slug], options) => authentik({ ...options, baseUrl, slug }),
  },
  clerk: {
    tenant: 'the domain, such as `clerk.acme.com`',
    form: whole,
    trust: ({ clerk }, [domain], options) => clerk({ ...options, domain }),
  },
  cognito: {
    tenant: 'the id of the user pool, such as `eu-central-1_AbCdEfGhI`',
    form: /^([a-z]{2}(?:-[a-z]+)+-\d)_([A-Za-z0-9]+)$/,
    trust: ({ cognito }, [region, pool], options) =>
      cognito({ ...options, region, userPoolId: `${region}_${pool}` }),
  },
  descope: {
    tenant: 'the id of the project',
    form: whole,
    trust: ({ descope }, [projectId], options) =>
      descope({ ...options, projectId, issuer: 'project' }),
  },
  entra: {
    tenant: 'the GUIDs of the tenants to trust, separated by commas',
    form: /^([^,]+)(?:,(.+))?$/,
    trust: ({ entra }, [first, others], options) =>
      entra({ ...options, tenants: [first, ...(others === '' ? [] : others.split(','))] }),
  },
  firebase: {
    tenant: 'the id of the project',
    form: whole,
    trust: ({ firebase }, [projectId], options) => firebase({ ...options, projectId }),
  },
  google: {
    tenant: 'the domain of your Workspace, such as `acme.com`; without it, any account will do',
    form: /^(.*)$/,
    trust: ({ google }, [hostedDomain], options) =>
      google({ ...options, ...(hostedDomain !== '' && { hostedDomain }) }),
  },
  keycloak: {
    tenant: 'the issuer, such as `https://sso.acme.com/realms/acme`',
    form: /^(https?:\/\/.+)\/realms\/([^/]+)$/,
    isSelfHosted: true,
    trust: ({ keycloak }, [baseUrl, realm], options) => keycloak({ ...options, baseUrl, realm }),
  },
  logto: {
    tenant: 'the domain, such as `acme.logto.app`',
    form: whole,
    trust: ({ logto }, [domain], options) => logto({ ...options, domain }),
  },
  okta: {
    tenant: 'domain and authorization server, such as `acme.okta.com/oauth2/default`',
    form: /^([^/]+)\/oauth2\/([^/]+)$/,
    trust: ({ okta }, [domain, authorizationServerId], options) =>
      okta({ ...options, domain, authorizationServerId }),
  },
  'ory-hydra': {
    tenant: 'the issuer',
    form: whole,
    isSelfHosted: true,
    trust: ({ oryHydra }, [issuer], options) => oryHydra({ ...options, issuer }),
  },
  ping: {
    tenant: 'region and environment, such as `auth.pingone.eu/` and its GUID',
    form: /^auth\.pingone\.([a-z.]+)\/([^/]+)$/,
    trust: ({ ping }, [region, environmentId], options) =>
      ping({ ...options, region: region as Region, environmentId }),
  },
  stytch: {
    tenant: 'the id of the project, `project-live-` and a GUID',
    form: whole,
    trust: ({ stytch }, [projectId], options) => stytch({ ...options, projectId }),
  },
  supabase: {
    tenant: 'the reference of the project',
    form: whole,
    trust: ({ supabase }, [projectRef], options) => supabase({ ...options, projectRef }),
  },
  workos: {
    tenant: 'the domain, such as `acme.authkit.app`',
    form: whole,
    trust: ({ workos }, [domain], options) => workos({ ...options, domain }),
  },
  zitadel: {
    tenant: 'the issuer, such as `https://acme.zitadel.cloud`',
    form: whole,
    isSelfHosted: true,
    trust: ({ zitadel }, [baseUrl], options) => zitadel({ ...options, baseUrl }),
  },
};
