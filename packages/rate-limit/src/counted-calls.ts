/** Which messages of a request are calls that a quota counts. */

/** A call that counts. */
export interface CountedCall {
  /** The tool that is called. `undefined` for everything else. */
  readonly tool: string | undefined;
}

// What clients send by themselves to find out what there is, and to ask about calls that have been counted.
const discovery: ReadonlySet<unknown> = new Set([
  'initialize',
  'logging/setLevel',
  'ping',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/unsubscribe',
  'server/discover',
  'tasks/cancel',
  'tasks/get',
  'tasks/list',
  'tasks/result',
  'tools/list',
]);

/**
 * Lists the calls of a request. Every method counts that is not on the list: a server may do anything for a method
 * of its own. Notifications of MCP, answers to the server, and requests without a message never count.
 *
 * @param message `Operation.message`, which the gate has checked.
 */
export function readCountedCalls(message: unknown, countDiscovery: boolean): CountedCall[] {
  return (Array.isArray(message) ? message : [message]).flatMap((each: unknown) => {
    const method = member(each, 'method');
    if (typeof method !== 'string' || method.startsWith('notifications/')) return [];
    if (!countDiscovery && discovery.has(method)) return [];
    const name = method === 'tools/call' ? member(member(each, 'params'), 'name') : undefined;
    return [{ tool: typeof name === 'string' ? name : undefined }];
  });
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
