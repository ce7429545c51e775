/** Which answer a request gets, in the order in which Vault decides. */
import {
  type Answer,
  answerAuth,
  answerLookup,
  answerVersion,
  invalidToken,
  permissionDenied,
  refuse,
} from './answers.ts';
import type { Cluster } from './cluster.ts';
import { logIn } from './kubernetes-login.ts';
import type { KvStore } from './kv-store.ts';
import { type Capability, findCapabilities, type Policy } from './policies.ts';
import type { StoredToken, TokenStore } from './token-store.ts';
import type { VaultOptions } from './vault-options.ts';

/** A request, as far as it matters. */
export interface VaultRequest {
  readonly method: string;
  /** Without `/v1/`, and decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** `undefined` where the header is missing. */
  readonly token: string | undefined;
  readonly namespace: string;
  readonly hasRequestHeader: boolean;
  readonly body: unknown;
}

/** Options for {@link createRouter}. */
export interface RouterOptions {
  readonly mount: string;
  readonly namespace: string;
  readonly kubernetes: VaultOptions['kubernetes'];
  readonly requireRequestHeader: boolean;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly store: KvStore;
  readonly tokens: TokenStore;
  readonly cluster: Cluster;
  readonly now: () => number;
}

const capabilityOf: Readonly<Record<string, Capability>> = {
  GET: 'read',
  POST: 'update',
  PUT: 'update',
  DELETE: 'delete',
};

// What every token may do.
const defaultPolicy: Policy = {
  'auth/token/lookup-self': ['read'],
  'auth/token/renew-self': ['update'],
  'auth/token/revoke-self': ['update'],
};

/** Answers requests of an active node that is not sealed. */
export function createRouter(options: RouterOptions): (request: VaultRequest) => Promise<Answer> {
  const { mount, kubernetes, policies, store, tokens, cluster, now } = options;
  const authMount = kubernetes?.mount ?? 'kubernetes';

  function mayDo({ method, path }: VaultRequest, token: StoredToken): boolean {
    if (token.policies.includes('root')) return true;
    const own = token.policies.map((name) => policies.get(name) ?? {});
    const capability = capabilityOf[method];
    return (
      capability !== undefined && findCapabilities([defaultPolicy, ...own], path).has(capability)
    );
  }

  function answerSelf({ method, path }: VaultRequest, token: StoredToken): Answer | undefined {
    switch (`${method} ${path}`) {
      case 'GET auth/token/lookup-self':
        return answerLookup(token, now());
      case 'POST auth/token/renew-self':
        if (!token.renewable) return refuse(400, 'lease is not renewable');
        token.endsAt = now() + token.ttlSeconds * 1_000;
        return answerAuth(token, now());
      case 'POST auth/token/revoke-self':
        tokens.revoke(token.id);
        return { status: 204, body: undefined };
      default:
        return undefined;
    }
  }

  function answerData({ method, path, query }: VaultRequest): Answer {
    if (!path.startsWith(`${mount}/data/`)) {
      return refuse(404, `no handler for route "${path}". route entry not found.`);
    }
    if (method !== 'GET') return refuse(405, '1 error occurred:\n\t* unsupported operation\n\n');
    const version = Number(query.get('version') ?? '0');
    const stored = store.find(path.slice(`${mount}/data/`.length), version);
    return stored === undefined ? refuse(404) : answerVersion(stored);
  }

  return async (request) => {
    const { method, path, body } = request;
    if (options.requireRequestHeader && !request.hasRequestHeader) {
      return refuse(412, "missing 'X-Vault-Request' header");
    }
    const isHere = request.namespace.replace(/^\/|\/$/g, '') === options.namespace;
    if (kubernetes !== undefined && path === `auth/${authMount}/login` && method === 'POST') {
      const { roles } = kubernetes;
      if (!isHere) return permissionDenied;
      return logIn(body, { cluster, tokens, roles, mount: authMount, now: now() });
    }
    if (request.token === undefined) return refuse(400, 'missing client token');
    const token = isHere ? tokens.find(request.token) : undefined;
    if (token === undefined) return invalidToken;
    if (!mayDo(request, token)) return permissionDenied;
    return answerSelf(request, token) ?? answerData(request);
  };
}
