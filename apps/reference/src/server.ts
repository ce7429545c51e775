import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { AuthorizationServer } from '@sallyport/testing';
import { createAuditLog, formatKeyEvent, formatLine } from './audit-log.ts';
import { openNoteStore } from './notes.ts';
import { createNotesGate } from './notes-gate.ts';
import { createNotesListener } from './notes-listener.ts';
import { createNotesServer } from './notes-server.ts';
import type { Settings } from './settings.ts';
import { createSignIn } from './sign-in.ts';

/** A server that listens. */
export interface RunningServer {
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  readonly local: AuthorizationServer | undefined;
  /** Finishes what is under way, for 8 seconds at most, then closes everything. */
  stop(): Promise<void>;
}

// Cloud Run sends SIGKILL 10 seconds after SIGTERM.
const drainMilliseconds = 8_000;

/**
 * Starts the notes server.
 *
 * @param write Where the log goes, line by line.
 * @throws {ConfigError} When the settings do not fit together.
 * @throws When the port is taken.
 */
export async function startServer(
  settings: Settings,
  write: (line: string) => void,
): Promise<RunningServer> {
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  await listen(http, settings);
  const closers: (() => unknown)[] = [];
  try {
    // Only now is the port known where any port would do.
    const { port } = http.address() as AddressInfo;
    const resource = settings.resource ?? `http://localhost:${port}/mcp`;

    const signIn = await createSignIn(settings, resource, (event) => write(formatKeyEvent(event)));
    closers.push(() => signIn.local?.stop());
    const { gate, guard } = createNotesGate(settings, signIn, resource, createAuditLog(write));
    closers.push(() => guard.close());
    const notes = openNoteStore(settings.notesDatabase);
    closers.push(() => notes.close());
    const handler = createMcpHandler(createNotesServer(notes), {
      onerror: ({ message }) => write(formatLine({ severity: 'WARNING', event: 'mcp', message })),
    });
    closers.push(() => handler.close());

    let ready = true;
    const isReady = () => ready;
    http.on('request', createNotesListener({ gate, handler, resource, isReady }));
    return {
      resource,
      local: signIn.local,
      async stop() {
        ready = false;
        await drain(http);
        for (const close of closers.toReversed()) await close();
      },
    };
  } catch (error) {
    http.close();
    for (const close of closers.toReversed()) await close();
    throw error;
  }
}

async function listen(http: Server, { host, port }: Settings): Promise<void> {
  http.listen(port, host);
  await once(http, 'listening');
}

async function drain(http: Server): Promise<void> {
  const closed = once(http, 'close');
  http.close();
  http.closeIdleConnections();
  const deadline = setTimeout(() => http.closeAllConnections(), drainMilliseconds);
  await closed;
  clearTimeout(deadline);
}
