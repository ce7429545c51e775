import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { type Config, createGateFromConfig, loadConfig } from '@sallyport/config';
import { createCloudLoggingSink, type OperationalEvent } from '@sallyport/telemetry';
import type { AuthorizationServer } from '@sallyport/testing';
import { startExporting } from './exporting.ts';
import {
  describeLocalSignIn,
  needsLocalSignIn,
  startLocalSignIn,
  undecided,
  type Variables,
} from './local-sign-in.ts';
import { openNoteStore } from './notes.ts';
import { createNotesListener } from './notes-listener.ts';
import { createNotesServer, toolScopes } from './notes-server.ts';

/** A server that listens. */
export interface RunningServer {
  readonly config: Config;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** The authorization server that came along, in development. */
  readonly local: AuthorizationServer | undefined;
  /** Finishes what is under way, for 8 seconds at most, then closes everything. */
  stop(): Promise<void>;
}

/** Where settings are. */
export interface ServerSources {
  readonly variables: Variables;
  /** In development, for what the variables lack. */
  readonly envFile?: string;
  /** What {@link envFile} has in it. */
  readonly fileVariables?: Variables;
}

// Cloud Run sends SIGKILL 10 seconds after SIGTERM.
const drainMilliseconds = 8_000;

/**
 * Starts the notes server.
 *
 * @param write Where the log goes, line by line. Default: standard output.
 * @throws {AggregateError} Of one `ConfigError` per problem with the settings.
 * @throws {ConfigError} When the settings do not fit this server.
 * @throws When the port is taken.
 */
export async function startServer(
  { variables, envFile, fileVariables = {} }: ServerSources,
  write?: (line: string) => void,
): Promise<RunningServer> {
  const written = write === undefined ? {} : { write };
  let sink = createCloudLoggingSink(written);
  const onEvent = (event: OperationalEvent) => sink.log(event);
  const load = (more: Variables = {}) =>
    loadConfig({ ...variables, ...more }, { onEvent, ...(envFile !== undefined && { envFile }) });
  const isLocal = needsLocalSignIn({ ...fileVariables, ...variables });
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  const closers: (() => unknown)[] = [];
  try {
    const exporting = await startExporting(variables, onEvent);
    sink = exporting.join(sink);
    closers.push(async () => {
      // The sink takes its gauges away: what they show is sent before.
      await exporting.stop();
      sink.close();
    });
    let config = await load(isLocal ? undecided : {});
    closers.push(() => config.secrets?.close?.());
    // Lines are then linked to the traces of that project.
    sink = exporting.join(createCloudLoggingSink({ ...written, projectId: config.projectId }));
    await listen(http, config);
    closers.push(() => http.close());
    // Only now is the port known where any port would do.
    const { port } = http.address() as AddressInfo;
    const resource = config.port === 0 ? `http://localhost:${port}/mcp` : config.resource;
    const local = isLocal ? await startLocalSignIn(resource) : undefined;
    closers.push(() => local?.stop());
    if (local !== undefined) config = await load(describeLocalSignIn(local, resource));

    const { gate, readings, close } = await createGateFromConfig(config, {
      tools: toolScopes,
      initialScopes: ['read:data'],
      audit: sink,
      onEvent,
      resource,
      resourceName: 'Sallyport reference: notes',
      // The Inspector's page, on a developer's machine.
      ...(!config.environment.isProduction && {
        allowedOrigins: ['http://localhost:6274', 'http://127.0.0.1:6274'],
      }),
    });
    closers.push(close);
    exporting.show(readings);
    const notes = openNoteStore(variables['NOTES_DATABASE'] ?? ':memory:');
    closers.push(() => notes.close());
    const handler = createMcpHandler(createNotesServer(notes), {
      onerror: ({ message: detail }) => onEvent({ type: 'handler_failed', detail }),
    });
    closers.push(() => handler.close());

    const { trustedProxyHops } = config;
    let ready = true;
    const isReady = () => ready;
    http.on('request', createNotesListener({ gate, handler, resource, trustedProxyHops, isReady }));
    return {
      config,
      resource,
      local,
      async stop() {
        ready = false;
        // They would last as long as their tokens do.
        gate.endStreams();
        await drain(http);
        for (const close of closers.toReversed()) await close();
      },
    };
  } catch (error) {
    for (const close of closers.toReversed()) await close();
    throw error;
  }
}

async function listen(http: Server, { host, port }: Config): Promise<void> {
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
