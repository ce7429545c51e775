/** The methods of MCP, and names that a server may take for them. */

/** Methods of the core of MCP. The audit log names these, and never a name that only the client knows. */
export const protocolMethods: ReadonlySet<string> = new Set([
  'completion/complete',
  'initialize',
  'logging/setLevel',
  'notifications/cancelled',
  'notifications/initialized',
  'notifications/progress',
  'notifications/roots/list_changed',
  'ping',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'resources/templates/list',
  'resources/unsubscribe',
  'server/discover',
  'subscriptions/listen',
  'tools/call',
  'tools/list',
]);

const blank = /[\s\0]/g;

// Of the extension for tasks.
const taskMethods = ['cancel', 'get', 'list', 'result', 'update'].map((name) => `tasks/${name}`);
const foldedMethods: ReadonlySet<string> = new Set(
  [...protocolMethods, ...taskMethods].map((name) => foldName(name)),
);

/**
 * Whether a method differs from one of MCP in letter case, white space or compatible characters alone. A server
 * whose table of methods ignores those would run `TOOLS/CALL`, which needs no scope.
 */
export function isLookalikeMethod(method: string): boolean {
  if (protocolMethods.has(method)) return false;
  return foldedMethods.has(foldName(method)) && !taskMethods.includes(method);
}

/**
 * The same text for all spellings of a name that differ in letter case, white space or compatible characters.
 *
 * @param longest How many characters besides white space count. Default: all.
 */
export function foldName(name: string, longest: number = name.length): string {
  const start = name.replace(blank, '').slice(0, longest);
  return foldCase(start.normalize('NFKC')).replace(blank, '');
}

/** Both ways: `ſ` has only an upper case that is ASCII, and the Kelvin sign only a lower case. */
export function foldCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}
