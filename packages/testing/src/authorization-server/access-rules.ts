import type { KoaContextWithOIDC, ResourceServer } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { AccessTokenFormat, ProtectedResource } from './options.ts';
import { accountScopes } from './registration.ts';
import type { Settings } from './settings.ts';

/** Default life of an access token. */
export const defaultAccessTokenTtlSeconds = 3_600;

/** Which client can get which scopes of which resource. */
export interface AccessRules {
  /** Every scope that a client may ask for. */
  readonly knownScopes: ReadonlySet<string>;
  /** The resource for requests that name none. */
  readonly defaultResource: string;
  /**
   * Finds the resource that an indicator means. Indicators that differ only as two spellings of one
   * URL do (`https://a.example` and `https://a.example/`) mean the same.
   */
  find(indicator: string): ProtectedResource | undefined;
  /** The scopes of the resource that the client can get. */
  scopesFor(resource: ProtectedResource, clientId: string): readonly string[];
  /** Describes the resource to oidc-provider. */
  describe(
    resource: ProtectedResource,
    clientId: string,
    format?: AccessTokenFormat,
  ): ResourceServer & { readonly accessTokenTTL: number };
}

/** Derives the rules from the options. */
export function createAccessRules({ resources, clients, algorithm }: Settings): AccessRules {
  const byUrl = new Map(resources.map((resource) => [new URL(resource.resource).href, resource]));
  const limits = new Map(clients.map(({ clientId, scopes }) => [clientId, scopes]));

  function scopesFor({ scopes }: ProtectedResource, clientId: string): readonly string[] {
    const limit = limits.get(clientId);
    return limit === undefined ? scopes : scopes.filter((scope) => limit.includes(scope));
  }

  return {
    knownScopes: new Set([...accountScopes, ...resources.flatMap(({ scopes }) => scopes)]),
    defaultResource: resources[0].resource,
    scopesFor,

    find(indicator) {
      const url = URL.parse(indicator);
      return url === null ? undefined : byUrl.get(url.href);
    },

    describe(resource, clientId, format = resource.accessTokenFormat ?? 'jwt') {
      return {
        audience: resource.resource,
        scope: scopesFor(resource, clientId).join(' '),
        accessTokenFormat: format,
        accessTokenTTL: resource.accessTokenTtlSeconds ?? defaultAccessTokenTtlSeconds,
        jwt: { sign: { alg: algorithm } },
      };
    },
  };
}

/**
 * Settles the scope of a request for this resource (RFC 6749 §3.3): all of them when it has none,
 * and `invalid_scope` when it has none that is known. Unknown ones beside known ones are ignored.
 */
export function settleScope({ oidc }: KoaContextWithOIDC, scopes: readonly string[]): void {
  const { params = {}, route } = oidc;
  const hasPerson = ['authorization', 'pushed_authorization_request'].includes(route);
  if (!hasPerson && params['grant_type'] !== 'client_credentials') return;
  const { scope, resource } = params;
  if (typeof scope !== 'string') {
    // oidc-provider denies a request that ends without any scope, even at a resource without any.
    params['scope'] = scopes.join(' ') || (hasPerson ? 'openid' : undefined);
    return;
  }
  // With several resources, a scope may be known to another one.
  if (Array.isArray(resource)) return;
  const admissible = hasPerson ? [...accountScopes, ...scopes] : scopes;
  if (!scope.split(' ').some((name) => admissible.includes(name))) {
    throw new errors.InvalidScope('requested scope is not known to the resource', scope);
  }
}
