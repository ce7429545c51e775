/** The allow-list of redirect addresses: presets by name, and exact addresses. */
import { ConfigError } from '@sallyport/core';
import { findAddressFault, isLoopback, isSameAddress } from './redirect-address.ts';

interface Preset {
  readonly title: string;
  readonly addresses: readonly string[];
}

/** The name of a preset. */
type PresetName = 'claude' | 'vscode' | 'cursor' | 'loopback';

const presets: Readonly<Record<PresetName, Preset>> = {
  // https://support.claude.com/en/articles/11503834-building-custom-connectors-via-remote-mcp-servers
  claude: {
    title: 'Claude',
    addresses: [
      'https://claude.ai/api/mcp/auth_callback',
      'https://claude.com/api/mcp/auth_callback',
    ],
  },
  // https://github.com/microsoft/vscode/blob/main/src/vs/base/common/oauth.ts, fetchDynamicRegistration
  vscode: {
    title: 'Visual Studio Code',
    addresses: [
      'https://vscode.dev/redirect',
      'https://insiders.vscode.dev/redirect',
      'http://127.0.0.1:33418/',
      'http://localhost:33418/',
    ],
  },
  // https://cursor.com/docs/mcp
  cursor: {
    title: 'Cursor',
    addresses: [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
    ],
  },
  // RFC 8252 §7.3: Claude Code, Codex, Gemini CLI, mcp-remote, the MCP Inspector and others.
  loopback: { title: 'A program on your own computer', addresses: [] },
};

const presetNames = Object.keys(presets) as readonly PresetName[];
const isPreset = (name: string): name is PresetName => Object.hasOwn(presets, name);

/** A preset, or the exact redirect address of a client. */
export type AllowedClient = PresetName | (string & {});

/** Who gets the answer at a redirect address. */
export interface Recipient {
  /** The title of the preset, or the host of an address that the operator allowed. */
  readonly title: string;
  /** Whether any program on the person's computer could be behind it. */
  readonly isLocal: boolean;
}

/** Finds who is behind a redirect address. `undefined`: the address is not allowed. */
export type FindRecipient = (address: string) => Recipient | undefined;

/**
 * Reads the allow-list.
 *
 * @throws {ConfigError} When the list is empty, or an entry is neither a preset nor a redirect address.
 */
export function readAllowedClients(allowed: readonly AllowedClient[] = presetNames): FindRecipient {
  const option = 'signIn.allowedClients';
  if (allowed.length === 0) throw new ConfigError(option, 'must name at least one client');
  const exact = new Map<string, Recipient>();
  for (const entry of allowed) {
    if (isPreset(entry)) {
      const { title, addresses } = presets[entry];
      for (const address of addresses) exact.set(address, recipientOf(address, title));
      continue;
    }
    const fault = findAddressFault(entry);
    if (fault !== undefined) {
      const looksLikeName = /^[\w-]*$/.test(entry);
      const names = `use one of ${presetNames.join(', ')}, or the exact redirect address of a client`;
      throw new ConfigError(option, looksLikeName ? names : `${JSON.stringify(entry)} ${fault}`);
    }
    const url = new URL(entry);
    exact.set(entry, recipientOf(entry, url.host === '' ? url.protocol : url.host));
  }
  const takesLoopback = allowed.includes('loopback');
  return (address) => {
    if (findAddressFault(address) !== undefined) return undefined;
    const found = exact.get(address);
    const isLocal = isLoopback(new URL(address));
    if (found !== undefined && !isLocal) return found;
    if (!isLocal) return undefined;
    const isAllowed =
      takesLoopback || [...exact.keys()].some((entry) => isSameAddress(address, entry));
    // Another program can listen at any loopback address, so no title of a product is shown.
    return isAllowed ? { title: presets.loopback.title, isLocal: true } : undefined;
  };
}

function recipientOf(address: string, title: string): Recipient {
  const url = new URL(address);
  if (isLoopback(url)) return { title: presets.loopback.title, isLocal: true };
  // Another program can claim a scheme of its own, too (RFC 8252 §8.6).
  return { title, isLocal: url.protocol !== 'https:' };
}
