/** The composition: verifier, limiter, scopes and audit into guard and gate. */
import {
  type AuditSink,
  ConfigError,
  createGuard,
  createScopePolicy,
  type Guard,
  type Secret,
  type SenderConstraint,
} from '@sallyport/core';
import {
  createMcpGate,
  listScopes,
  type McpGate,
  type McpGateOptions,
  type OperationScopes,
  protectedResourceMetadataUrl,
} from '@sallyport/mcp-adapter';
import { closest } from 'fastest-levenshtein';
import type { Config } from '../config.ts';
import type { ConfigListener } from '../config-event.ts';
import { toolScopes } from '../variables/server-variables.ts';
import { composeRateLimiter } from './compose-rate-limiter.ts';
import { type ComposedVerifier, composeVerifier } from './compose-verifier.ts';
import { createGateReadings, type GateReadings, noReadings } from './gate-readings.ts';
import { createOpenGuard } from './open-guard.ts';
import { loadSessionSecretCheck } from './weak-session-secret.ts';

/** What of the gate a server may say besides its configuration, as `createMcpGate` takes it. */
type OwnGateOptions = Pick<
  McpGateOptions,
  | 'allowedHosts'
  | 'allowedOrigins'
  | 'authorizationServerMetadata'
  | 'exposeToken'
  | 'maximumBodyBytes'
  | 'maximumStreamsPerCaller'
  | 'metadataAtRoot'
  | 'resourceName'
  | 'streamCheckSeconds'
  | 'tokenExchange'
>;

/** What the server itself says, and no variable. */
export interface GateOptions extends OwnGateOptions {
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
  /** Is told what happens to keys, secrets and authorization servers. Default nobody. */
  readonly onEvent?: ConfigListener;
}

/** Guard and gate, and for whom they were made. */
export interface ComposedGate {
  readonly gate: McpGate;
  readonly guard: Guard;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** For gauges. */
  readonly readings: GateReadings;
}

/** The same, and what can be changed of it. */
interface ChangeableGate extends ComposedGate, Pick<ComposedVerifier, 'replaceKey'> {
  readonly prepare?: () => Promise<void>;
  readonly replaceSessionSecret: (next: Secret) => void;
}

/** @throws {ConfigError} When the parts do not fit together, or a package is not installed. */
export async function composeGate(config: Config, options: GateOptions): Promise<ChangeableGate> {
  const { audit, resource = config.resource, initialScopes = [], onEvent = () => {} } = options;
  const { authentication, requiredScopes, scopeHierarchy } = config;
  const tools = readTools(config, options);
  const useful = new Set([...requiredScopes, ...listScopes({ ...options.otherOperations, tools })]);
  const asked = [...requiredScopes, ...initialScopes.filter((scope) => useful.has(scope))];

  const scopePolicy = createScopePolicy({ hierarchy: scopeHierarchy });
  const checkSecret = await loadSessionSecretCheck();
  if (config.sessionSecret !== undefined) checkSecret(config.sessionSecret);
  const replaceSessionSecretOf = (gate: McpGate) => (next: Secret) => {
    checkSecret(next);
    gate.replaceSessionSecret(next);
  };

  if (authentication.type === 'none') {
    const guard = createOpenGuard(resource, [...useful], audit);
    const gate = createGate(config, options, { guard, tools, resource });
    const replaceSessionSecret = replaceSessionSecretOf(gate);
    return { resource, guard, gate, readings: noReadings, replaceSessionSecret };
  }
  const { verifier, issuer, replaceKey, requestName } = await composeVerifier(authentication, {
    environment: config.environment,
    listenHost: config.host,
    resource,
    network: config.network,
    secrets: config.secrets,
    onEvent,
  });
  const rateLimiter = await composeRateLimiter(config.rateLimit, config.environment, onEvent);
  const guard = createGuard({
    verifier,
    rateLimiter,
    audit,
    scopePolicy,
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes,
    initialScopes: [...new Set(asked)],
    maximumTokenBytes: config.maximumTokenBytes,
    onEvent,
    ...(requestName !== undefined && { requestName }),
    ...(options.senderConstraints && { senderConstraints: options.senderConstraints }),
  });
  const gate = createGate(config, options, { guard, tools, resource, issuer });
  const readings = createGateReadings(verifier, rateLimiter);
  return {
    resource,
    guard,
    gate,
    readings,
    ...(verifier.prepare && { prepare: verifier.prepare.bind(verifier) }),
    replaceSessionSecret: replaceSessionSecretOf(gate),
    ...(replaceKey !== undefined && { replaceKey }),
  };
}

interface Parts {
  readonly guard: Guard;
  readonly tools: Readonly<Record<string, readonly string[]>>;
  readonly resource: string;
  readonly issuer?: string | undefined;
}

function createGate(
  config: Config,
  {
    maximumBodyBytes = config.maximumBodyBytes,
    metadataAtRoot = config.metadataAtRoot,
    otherOperations,
    // These are for the guard, or are said in another way.
    audit: _audit,
    tools: _tools,
    initialScopes: _initialScopes,
    senderConstraints: _senderConstraints,
    onEvent = () => {},
    ...options
  }: GateOptions,
  { guard, tools, resource, issuer = undefined }: Parts,
): McpGate {
  const { authorizationServers, environment, sessionSecret } = config;
  const [first = issuer ?? new URL(resource).origin, ...others] = authorizationServers;
  return createMcpGate({
    ...options,
    maximumBodyBytes,
    metadataAtRoot,
    resource,
    authorizationServers: [first, ...others],
    guard,
    scopes: { ...otherOperations, tools },
    ...(sessionSecret !== undefined && { sessionSecret }),
    onEvent(event) {
      // In development there is one process, and its sessions end with it.
      if (event.type !== 'session_secret_missing' || environment.isProduction) onEvent(event);
    },
  });
}

/** A tool that is misspelt or left out must not end up with other scopes than were meant. */
function readTools(config: Config, { tools }: GateOptions): GateOptions['tools'] {
  const { authentication, toolScopes: configured } = config;
  if (configured === undefined) {
    const { provider } = { provider: undefined, ...authentication };
    const needed = Object.values(tools).flat();
    if (provider?.withoutScopes && needed.length > 0) {
      throw new ConfigError(
        toolScopes.name,
        `is missing. The tools need ${[...new Set(needed)].join(' ')}, and the ID tokens of this issuer have no scopes. Set it to {} to let everybody who is signed in use every tool`,
      );
    }
    return tools;
  }
  const known = Object.keys(tools);
  const named = Object.keys(configured);
  // A server that declares none leaves it all to the variable; and `{}` is said on purpose.
  if (known.length === 0 || named.length === 0) return configured;
  for (const name of named) {
    if (known.includes(name)) continue;
    throw new ConfigError(
      toolScopes.name,
      `names ${JSON.stringify(name)}, which is no tool. Did you mean ${closest(name, known)}?`,
    );
  }
  const missing = known.filter((name) => !named.includes(name));
  if (missing.length > 0) {
    throw new ConfigError(
      toolScopes.name,
      `must say what ${missing.join(', ')} needs: name every tool, or none as {}`,
    );
  }
  return configured;
}
