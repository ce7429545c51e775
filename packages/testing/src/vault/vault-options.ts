import type { Fields } from './kv-store.ts';
import type { Policy } from './policies.ts';

/** A role: the service accounts that may log in with it, and the policies of their tokens. */
export interface KubernetesRole {
  /** `bound_service_account_names`; `*` is any. */
  readonly serviceAccounts: readonly string[];
  /** `bound_service_account_namespaces`; `*` is any. */
  readonly namespaces: readonly string[];
  /** The audience that the service account's token must have. Default any. */
  readonly audience?: string;
  /** `token_policies`, besides `default`. */
  readonly policies: readonly string[];
  /** `token_ttl`. Default 3600. */
  readonly ttlSeconds?: number;
}

/** Options for `startVault`. */
export interface VaultOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** Where the KV engine, version 2, is mounted. Default `secret`. */
  readonly mount?: string;
  /** The first version of secrets, by path. Default none. */
  readonly secrets?: Readonly<Record<string, Fields>>;
  /** By name. `root`, which allows everything, and `default` are there. Default no more. */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** The namespace that everything is in. Default the root namespace. */
  readonly namespace?: string;
  /** Kubernetes authentication. Default there is none. */
  readonly kubernetes?: {
    /** Default `kubernetes`. */
    readonly mount?: string;
    readonly roles: Readonly<Record<string, KubernetesRole>>;
  };
  /**
   * Whether requests without `X-Vault-Request: true` are refused, as by a Vault Agent with
   * `require_request_header`. Default false.
   */
  readonly requireRequestHeader?: boolean;
  /** In milliseconds; leases end by it. Default `Date.now`. */
  readonly now?: () => number;
}
