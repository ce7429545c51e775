/** Finds timers, ports, connections and processes that a call opened and did not close. */
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';

// Handles that end by themselves, such as the read of a file, are not listed.
const kept: ReadonlySet<string> = new Set([
  ...['Timeout', 'TCPSERVERWRAP', 'TCPWRAP', 'PIPESERVERWRAP', 'PIPEWRAP', 'UDPWRAP'],
  ...['TLSWRAP', 'HTTP2SESSION', 'PROCESSWRAP', 'FSEVENTWRAP', 'STATWATCHER', 'SIGNALWRAP'],
]);

const calls = new AsyncLocalStorage<Map<number, string>>();
const owners = new Map<number, Map<number, string>>();

createHook({
  init(id, type) {
    const handles = calls.getStore();
    if (handles === undefined || !kept.has(type)) return;
    handles.set(id, type);
    owners.set(id, handles);
  },
  destroy(id) {
    owners.get(id)?.delete(id);
    owners.delete(id);
  },
}).enable();

/** Runs a call, and tells afterwards which handles it has left open. Other calls at the same time do not count. */
export async function watchHandles<Result>(
  call: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly open: readonly string[] }> {
  const handles = new Map<number, string>();
  const result = await calls.run(handles, call);
  // Node.js reports the end of a handle a moment later.
  for (let turn = 0; turn < 3 && handles.size > 0; turn += 1) await setImmediate();
  return { result, open: [...handles.values()] };
}
