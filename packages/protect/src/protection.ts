/** What the hosts share: settings in, gate out. */
import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import type { McpGate } from '@sallyport/mcp-adapter';
import { type ComposedGate, composeChecked } from './compose-gate.ts';
import { createOpenPaths, type OpenCandidate } from './hosts/open-paths.ts';
import { readRuntime } from './runtime.ts';
import { withSettings } from './settings/given-settings.ts';
import { settingChecks } from './settings/setting-checks.ts';
import type { ProtectSettings } from './settings/settings.ts';

/** Settings of every host, besides those of the gate. */
export interface HostSettings {
  /**
   * Paths that everybody may read without a token, such as `/health`, with GET and HEAD only. Each is one exact
   * path, compared as it was sent. A request with credentials or for an event stream goes through the gate all
   * the same. Default none.
   */
  readonly openPaths?: readonly string[];
  /**
   * How many proxies in front of the server append the client's address to `X-Forwarded-For`. Exactly so many
   * entries are believed, from the right. Too many let clients make up their address. A whole number, 0 to 50.
   * Default 0: the address of the connection counts.
   */
  readonly trustedProxyHops?: number;
}

/** What `protect` returns besides the function for its host. */
export interface Protection {
  /** The gate, such as for `gate.permits(authInfo, { tool })` in lists. */
  readonly gate: McpGate;
  /**
   * The path of the metadata (RFC 9728 §3.1). Where the protection is mounted below a path, mount it at this path
   * too.
   */
  readonly metadataPath: string;
  /** Ends open streams, and releases sockets and timers. Call it once, at shutdown. */
  close(): Promise<void>;
}

/** A host's own settings, with those of the gate. */
type Given<Own> = ProtectSettings & HostSettings & Own;

/** The parts that a host adapter is made of. Nothing of them is open yet. */
export interface HostParts<Own> {
  readonly composed: ComposedGate;
  readonly trustedProxyHops: number;
  readonly isOpen: (request: OpenCandidate) => boolean;
  /** The host's own settings. */
  readonly own: Own;
  readonly protection: Protection;
}

/** What only one host has. */
export interface Host<Own extends object, Mounted> {
  /** The checks of its own settings. */
  readonly checks: Checks<Own>;
  /** Checks how its own settings fit the others. */
  readonly assertFits?: (settings: Own & HostSettings) => void;
  /** Makes the function for the host. It may throw, because nothing is open. */
  readonly mount: (parts: HostParts<Own>) => Mounted;
}

const hostChecks: Checks<HostSettings> = {
  openPaths: check.optional(check.texts),
  trustedProxyHops: check.optional(check.number),
};

/**
 * Composes the gate for a host. It checks everything first and opens timers and followers of secrets last, so
 * that an error leaves nothing open.
 *
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others.
 */
export async function openProtection<Own extends object, Mounted>(
  given: Given<Own> | Promise<Given<Own>>,
  host: Host<Own, Mounted>,
): Promise<Mounted> {
  return withSettings(given, (settings) => openChecked(settings, host));
}

function openChecked<Own extends object, Mounted>(
  given: Given<Own>,
  { checks: ownChecks, assertFits, mount }: Host<Own, Mounted>,
): Mounted {
  const checks = { ...settingChecks, ...hostChecks, ...ownChecks };
  const settings: Given<Own> = checkOptions('protect', given, checks as Checks<Given<Own>>);
  const { openPaths = [], trustedProxyHops = 0 } = settings;
  if (!(Number.isInteger(trustedProxyHops) && trustedProxyHops >= 0 && trustedProxyHops <= 50)) {
    throw new ConfigError('protect.trustedProxyHops', 'must be a whole number from 0 to 50');
  }
  assertFits?.(settings);
  const { composed, start } = composeChecked(settings);
  const { gate, resource } = composed;
  const mounted = mount({
    composed,
    trustedProxyHops,
    isOpen: createOpenPaths(
      openPaths,
      resource,
      (settings.credentialField ?? settings.apiKeys?.credentialField)?.field,
    ),
    own: settings,
    protection: {
      gate,
      metadataPath: gate.metadataPath,

      async close() {
        gate.endStreams();
        await composed.close();
      },
    },
  });
  start();
  // Workers may not fetch anything before the first request.
  if (readRuntime() !== 'workers') void composed.prepare();
  return mounted;
}
