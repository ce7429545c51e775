/** What a server says of its gate besides the configuration. */
import type {
  AuditSink,
  AuthorizationRule,
  RateLimiter,
  Secret,
  SenderConstraint,
  TokenVerifier,
} from '@sallyport/core';
import type { GateSettings, OperationScopes } from '@sallyport/mcp-adapter';
import type { ConfigListener } from '../config-event.ts';

/** What the server itself says, and no variable. */
export interface GateOptions extends Omit<GateSettings, 'sessionSecret'> {
  /** Where every decision is recorded. */
  readonly audit: AuditSink;
  /** All the scopes that each tool needs, by its name. `…_TOOL_SCOPES` stands in for it. */
  readonly tools: Readonly<Record<string, readonly string[]>>;
  /** What a client is told to ask for at first. Default: what every operation needs. */
  readonly initialScopes?: readonly string[];
  /** In place of `config.resource`, where only listening tells the port. */
  readonly resource?: string;
  /** Takes tokens that are bound to their sender: `createDpop()`, `createMtlsConstraint(…)`. Default none. */
  readonly senderConstraints?: readonly SenderConstraint[];
  /** Scopes of prompts, resources and methods. Default: any token. */
  readonly otherOperations?: Omit<OperationScopes, 'tools'>;
  /**
   * Verifies tokens in place of the verifier that the configuration describes. Clients are sent to the configured
   * authorization servers.
   */
  readonly verifier?: TokenVerifier;
  /** Counts failures in place of the limiter that the configuration describes. */
  readonly rateLimiter?: RateLimiter;
  /** Limits calls in place of the quota that the configuration describes. */
  readonly quota?: AuthorizationRule;
  /** Refuses denied callers in place of the list that the configuration names. */
  readonly denial?: AuthorizationRule;
  /** Decides about operations that have their scopes: `createPolicy(…)` of `@sallyport/policy`. Default none. */
  readonly policy?: AuthorizationRule;
  /**
   * Takes a new version of `…_ASSERTION_KEY`: `replaceAssertionKey` of `createHttpUpstream`. Default: a new version
   * takes effect at the next start.
   */
  readonly replaceAssertionKey?: (next: Secret) => void;
  /** Receives events about keys, secrets and authorization servers. Default: events are dropped. */
  readonly onEvent?: ConfigListener;
}
