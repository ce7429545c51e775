/** The one composition: verifier, limiter, scopes and audit into a guard and a gate. */
import {
  checkOptions,
  createGuard,
  createReporter,
  createScopePolicy,
  type EventListener,
  type Guard,
  type RateLimiter,
  type TokenVerifier,
} from '@sallyport/core';
import {
  createMcpGate,
  type GateSettings,
  gateSettingChecks,
  listScopes,
  type McpGate,
  type OperationScopes,
  protectedResourceMetadataUrl,
} from '@sallyport/mcp-adapter';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { remindOfOpenGate } from './hosts/reminder.ts';
import { readEnvironment } from './runtime.ts';
import { createAuthentication } from './settings/authentication.ts';
import { withSettings } from './settings/given-settings.ts';
import { smallestScopes } from './settings/initial-scopes.ts';
import { createJsonLines } from './settings/json-lines.ts';
import { createOpenGuard } from './settings/open-guard.ts';
import { assertOneWay, settingChecks } from './settings/setting-checks.ts';
import { named } from './settings/setting-names.ts';
import type { ProtectSettings } from './settings/settings.ts';

/** A gate, and the parts of it that a server may ask. */
export interface ComposedGate {
  readonly gate: McpGate;
  readonly guard: Guard;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** Absent where everybody is let in. */
  readonly verifier?: TokenVerifier;
  /** Absent where everybody is let in. */
  readonly rateLimiter?: RateLimiter;
  /**
   * Fetches the keys of the authorization server, so that the first client does not wait for them. It never
   * rejects: a failure is the event `keys_unavailable`.
   */
  prepare(): Promise<void>;
  /** Releases sockets and timers. Call it once, at shutdown. */
  close(): Promise<void>;
}

/**
 * Composes the gate that settings describe, for hosts that `protect` does not know. Nothing is connected to.
 *
 * @example
 * ```ts
 * const { gate, close } = await composeGate({ resource, issuer, tools });
 * const decision = await gate.handle(request);
 * ```
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others. The message names
 *   the setting and says what to do.
 */
export async function composeGate(
  given: ProtectSettings | Promise<ProtectSettings>,
): Promise<ComposedGate> {
  return withSettings(given, (settings) => {
    const { composed, start } = composeChecked(checkOptions('protect', settings, settingChecks));
    start();
    return composed;
  });
}

/** A gate that has opened nothing yet: no timer, no connection, nothing that follows secrets. */
export interface UnstartedGate {
  readonly composed: ComposedGate;
  /** Connects the gate. If it throws, nothing stays open. */
  start(): void;
}

/** Composes the gate of settings whose names and types are checked. */
export function composeChecked(settings: ProtectSettings): UnstartedGate {
  assertOneWay(settings);
  return named(() => compose(settings));
}

function compose(given: ProtectSettings): UnstartedGate {
  const lines = createJsonLines();
  const { resource, environment = readEnvironment(), audit = lines.audit } = given;
  const resourceMetadataUrl = protectedResourceMetadataUrl(resource);
  const report = createReporter(given.onEvent ?? lines.onEvent);
  // In development there is one process, and its sessions end with it.
  const onEvent: EventListener = (event) => {
    if (event.type !== 'session_secret_missing' || environment.isProduction) report(event);
  };
  const { rateLimiter = createMemoryRateLimiter() } = given;
  const settings = given.signIn?.(given, { environment, onEvent, rateLimiter }) ?? given;
  const scopes = readScopes(settings);
  const scopePolicy = createScopePolicy({ hierarchy: settings.scopeHierarchy ?? {} });
  if (settings.dangerouslyOmitAuthentication === true) {
    const guard = createOpenGuard({
      resource,
      environment,
      audit,
      scopes: [...new Set([...(settings.requiredScopes ?? []), ...listScopes(scopes)])],
    });
    const { authorizationServers = [new URL(resource).origin] } = settings;
    // Every caller is let in, so a list would only take away who is calling.
    const { anonymous: _, ...others } = settings;
    const gate = createGate(others, { guard, scopes, authorizationServers, onEvent });
    let disconnect: Disconnect;
    let endReminder: Disconnect;
    return {
      composed: {
        gate,
        guard,
        resource,
        prepare: async () => {},

        async close() {
          endReminder?.();
          await disconnect?.();
        },
      },
      start() {
        disconnect = named(() => settings.connect?.(gate, onEvent));
        endReminder = remindOfOpenGate(onEvent);
      },
    };
  }
  const context = { resource, environment, onEvent };
  const { verifier: others, authorizationServers } = createAuthentication(settings, context);
  const verifier = settings.apiKeys?.beside(others) ?? others;
  const { requiredScopes = [] } = settings;
  const smallest = [...new Set([...requiredScopes, ...smallestScopes(scopes.tools)])];
  const { initialScopes = smallest, denial, policy, quota } = settings;
  // The quota is the last: what another rule refuses is not counted.
  const rules = [denial, policy, quota].filter((rule) => rule !== undefined);
  const guard = createGuard({
    verifier,
    rateLimiter,
    audit,
    scopePolicy,
    resourceMetadataUrl,
    requiredScopes,
    initialScopes,
    rules,
    onEvent,
    ...take(settings, ['maximumTokenBytes', 'requestName', 'senderConstraints']),
  });
  const gate = createGate(settings, { guard, scopes, authorizationServers, onEvent });
  let disconnect: Disconnect;
  return {
    composed: {
      gate,
      guard,
      resource,
      verifier,
      rateLimiter,
      prepare: async () => {
        await Promise.all([verifier, ...rules].map((part) => part.prepare?.()));
      },

      async close() {
        try {
          await Promise.all([guard.close(), settings.tokenExchange?.close?.()]);
        } finally {
          await disconnect?.();
        }
      },
    },
    start() {
      disconnect = named(() => settings.connect?.(gate, onEvent));
    },
  };
}

type Disconnect = ReturnType<NonNullable<ProtectSettings['connect']>> | undefined;

const gateSettingNames = Object.keys(gateSettingChecks) as readonly (keyof GateSettings)[];

interface GateParts {
  readonly guard: Guard;
  readonly scopes: OperationScopes;
  readonly authorizationServers: readonly [string, ...string[]] | readonly [];
  readonly onEvent: EventListener;
}

function createGate(settings: ProtectSettings, parts: GateParts): McpGate {
  const gate = createMcpGate({
    resource: settings.resource,
    ...parts,
    ...take({ ...settings.apiKeys, ...settings }, gateSettingNames),
  });
  return settings.landingPage?.(gate) ?? gate;
}

function readScopes(settings: ProtectSettings): OperationScopes {
  const others = take(settings, [
    'otherTools',
    'prompts',
    'otherPrompts',
    'resources',
    'otherResources',
    'methods',
  ]);
  return { tools: settings.tools, ...others };
}

/** The members of these names that are set. */
function take<Name extends keyof ProtectSettings>(
  settings: ProtectSettings,
  names: readonly Name[],
): { [Member in Name]?: NonNullable<ProtectSettings[Member]> } {
  const set = names.filter((name) => settings[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, settings[name]])) as never;
}
