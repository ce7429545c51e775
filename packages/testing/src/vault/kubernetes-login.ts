import { type Answer, answerAuth, permissionDenied, refuse } from './answers.ts';
import type { Cluster, ServiceAccount } from './cluster.ts';
import type { TokenStore } from './token-store.ts';
import type { KubernetesRole } from './vault-options.ts';

/** Options for {@link logIn}. */
export interface LoginOptions {
  readonly cluster: Cluster;
  readonly tokens: TokenStore;
  readonly roles: Readonly<Record<string, KubernetesRole>>;
  readonly mount: string;
  readonly now: number;
}

/** Answers `POST /v1/auth/<mount>/login`. */
export async function logIn(body: unknown, options: LoginOptions): Promise<Answer> {
  const { cluster, tokens, roles, mount, now } = options;
  const { role: name, jwt } = Object(body) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') return refuse(400, 'missing role');
  if (typeof jwt !== 'string' || jwt === '') return refuse(400, 'missing jwt');
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  if (role === undefined) return refuse(400, `invalid role name "${name}"`);
  const account = await cluster.review(jwt);
  if (account === undefined) return permissionDenied;
  const problem = findProblem(role, account);
  if (problem !== undefined) return refuse(403, problem);
  const token = tokens.issue({
    displayName: `${mount}-${account.namespace}-${account.name}`,
    path: `auth/${mount}/login`,
    policies: ['default', ...role.policies],
    metadata: {
      role: name,
      service_account_name: account.name,
      service_account_namespace: account.namespace,
      service_account_secret_name: '',
      service_account_uid: account.uid,
    },
    ttlSeconds: role.ttlSeconds ?? 3_600,
  });
  return answerAuth(token, now);
}

function findProblem(role: KubernetesRole, account: ServiceAccount): string | undefined {
  const allows = (names: readonly string[], name: string) =>
    names.includes('*') || names.includes(name);
  if (!allows(role.namespaces, account.namespace)) return 'namespace not authorized';
  if (!allows(role.serviceAccounts, account.name)) return 'service account name not authorized';
  const isMeant = role.audience === undefined || account.audiences.includes(role.audience);
  return isMeant ? undefined : 'invalid audience (aud) claim';
}
