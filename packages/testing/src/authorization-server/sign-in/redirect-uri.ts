import { isLoopbackHost } from './cross-site.ts';

// Schemes of MCP clients that have no dot, against RFC 8252 §7.1.
const knownSchemes: ReadonlySet<string> = new Set([
  'antigravity:',
  'claude:',
  'cursor:',
  'goose:',
  'jetbrains:',
  'kiro:',
  'lmstudio:',
  'raycast:',
  'vscode:',
  'vscode-insiders:',
  'warp:',
  'windsurf:',
  'zed:',
]);

/**
 * Says why answers must not be sent to a redirect URI; `undefined` when they may be.
 *
 * Allowed are https, http on this machine, and the private schemes of native applications: those
 * with a dot, as RFC 8252 §7.1 asks for, and those of well-known MCP clients.
 */
export function findRedirectFault(redirectUri: unknown): string | undefined {
  if (typeof redirectUri !== 'string' || !URL.canParse(redirectUri)) return 'must be absolute URLs';
  // The URL parser removes these, and other readers do not.
  if (/[\s\p{Cc}\\]/u.test(redirectUri)) return 'must not have white space or backslashes';
  const { protocol, hostname, username, password } = new URL(redirectUri);
  if (username !== '' || password !== '') return 'must not have a user name';
  if (redirectUri.includes('#')) return 'must not have a fragment';
  if (protocol === 'https:') return undefined;
  if (protocol === 'http:') {
    return isLoopbackHost(hostname) ? undefined : 'must use https, or http on this machine';
  }
  const isPrivate = /^[a-z][a-z\d+-]*(?:\.[a-z\d+-]+)+:$/.test(protocol);
  return isPrivate || knownSchemes.has(protocol)
    ? undefined
    : 'must use https, http on this machine, or a scheme such as com.example.app';
}

/** Whether an answer stays on this machine, so that no website receives it. */
export function isLocalRedirect(redirectUri: string): boolean {
  const { protocol, hostname } = new URL(redirectUri);
  return protocol !== 'https:' || isLoopbackHost(hostname);
}
