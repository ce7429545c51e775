/** A server over stdio as an upstream: child processes, and the sessions and callers they are for. */
import type { ServerResponse } from 'node:http';
import { createReporter } from '@sallyport/core';
import type { GatedHandler } from '@sallyport/mcp-adapter/node';
import { readExactly } from '../json/judged-message.ts';
import { createMessageFilter } from '../lists/filter-lists.ts';
import type { Upstream } from '../upstream.ts';
import { readCaller } from './caller.ts';
import { checkCommand } from './command-health.ts';
import { type CommandUpstreamOptions, readCommandOptions } from './command-options.ts';
import { writeFault } from './messages/http-answers.ts';
import { member } from './messages/messages.ts';
import { createOpenAnswers } from './messages/open-answers.ts';
import { isStateless, revisionOf } from './messages/revision.ts';
import { selectVariables } from './process/child-environment.ts';
import { createOrphanWatch } from './process/orphan-watch.ts';
import { createProcessPool } from './process/process-pool.ts';
import { createRedaction } from './process/redact-line.ts';
import { createServerStarter } from './process/server-process.ts';
import { ownServers, sharedServer } from './sessions/session-server.ts';
import { createSessions } from './sessions/sessions.ts';
import { createInitializedServers } from './stateless/initialized-servers.ts';
import { createStatelessHandler } from './stateless/stateless.ts';

/**
 * Makes an MCP server over stdio answer over HTTP, behind the gate. Each session gets a child process of its own;
 * where the revision has no sessions, each caller does.
 *
 * It is not a sandbox: a child process can read the files and the memory of this process, if it runs as the
 * same user, and reach whatever the network lets it reach.
 *
 * @example
 * ```ts
 * const upstream = createCommandUpstream({ command: 'python', args: ['server.py'], environment: process.env });
 * createServer(nodeGate(gate, upstream.handle)).listen(8000);
 * ```
 *
 * @throws {ConfigError} When an option is missing, of the wrong type or out of range, or a variable is not set.
 */
export function createCommandUpstream(given: CommandUpstreamOptions): Upstream {
  const settings = readCommandOptions(given);
  const {
    command,
    args,
    directory,
    environment,
    variables: names,
    permits,
    monotonicNow,
  } = settings;
  const report = createReporter(settings.onEvent);
  const variables = selectVariables(environment, names);
  const redact = createRedaction(
    Object.entries(variables).flatMap(([name, value]) => (names.includes(name) ? value : [])),
  );
  const watch = createOrphanWatch({
    onFailure: (code) => report({ type: 'child_watch_failed', code }),
  });
  const pool = createProcessPool({
    maximumProcesses: settings.maximumProcesses,
    maximumProcessesPerCaller: settings.maximumProcessesPerCaller,
    maximumMemoryBytes: settings.maximumMemoryMegabytes * 1_048_576,
    idleMs: settings.idleSeconds * 1_000,
    report,
    monotonicNow,
  });
  const starter = createServerStarter({
    launch: { command, args, directory, variables },
    pool,
    watch,
    redact,
    report,
    maximumLineBytes: settings.maximumMessageBytes,
    requestTimeoutMs: settings.requestTimeoutSeconds * 1_000,
    monotonicNow,
  });
  const startTimeoutMs = settings.startTimeoutSeconds * 1_000;
  const servers = createInitializedServers(
    { starter, startTimeoutMs, monotonicNow },
    settings.shared,
  );
  const openServer = settings.shared ? sharedServer(servers) : ownServers(starter, startTimeoutMs);
  const sessions = createSessions({ openServer, monotonicNow });
  const handleStateless = createStatelessHandler(servers);
  const answers = createOpenAnswers();
  let closing: Promise<void> | undefined;
  if (settings.shared) report({ type: 'child_shared' });

  const handle: GatedHandler = async (request, response, body) => {
    const id = member(body, 'id');
    if (closing !== undefined) return writeFault(response, 'closing', { id });
    const caller = readCaller(request.auth);
    if (caller === undefined) return writeFault(response, 'anonymous', { id });
    const exact = readExactly(body);
    if (exact === undefined) return writeFault(response, 'number_too_large', { id });
    if (request.method === 'POST') answers.add(response);
    const handler = isStateless(revisionOf(request, body)) ? handleStateless : sessions.handle;
    const filter =
      permits && createMessageFilter({ permits, securitySchemes: undefined }, request.auth);
    await handler(request, response as ServerResponse, { caller, body: exact.value, filter });
  };

  async function close(): Promise<void> {
    await answers.wait(settings.drainSeconds * 1_000);
    sessions.end();
    await pool.close();
    watch.close();
  }

  return {
    handle,
    health: () => checkCommand({ command, directory, variables, isClosing: closing !== undefined }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
