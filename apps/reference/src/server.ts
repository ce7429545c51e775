import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Config,
  createGateFromConfig,
  type LoadConfigOptions,
  loadConfig,
  variablesOfLocalIssuer,
} from '@sallyport/config';
import { createLandingPage } from '@sallyport/landing-page';
import { createLifecycle, type LifecycleState } from '@sallyport/lifecycle';
import { createCloudLoggingSink, type OperationalEvent } from '@sallyport/telemetry';
import type { AuthorizationServer } from '@sallyport/testing';
import type { OpenLiveView } from './development/live-view.ts';
import {
  needsLocalSignIn,
  startLocalSignIn,
  undecided,
  type Variables,
} from './development/local-sign-in.ts';
import { createLateEndpoint } from './notes/late-endpoint.ts';
import { createNotesListener } from './notes/notes-listener.ts';
import { openNotes } from './notes/open-notes.ts';
import { toolScopes } from './notes/tool-scopes.ts';
import { startExporting } from './open-telemetry/exporting.ts';
import { readGraceSeconds } from './process/shutdown-settings.ts';

/** A server that listens. */
export interface RunningServer {
  readonly config: Config;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** The port that it listens on. */
  readonly port: number;
  /** The authorization server that came along, in development. */
  readonly local: AuthorizationServer | undefined;
  /** The address of the live view, in development. Each address works once. */
  readonly liveView: string | undefined;
  readonly state: LifecycleState;
  /** Whether a token with these scopes may call a tool. */
  permits(tool: string, scopes: readonly string[]): boolean;
  /** Finishes the requests under way, for 8 seconds at most, then closes everything. */
  stop(): Promise<void>;
  /** Cuts the requests under way. For use while {@link stop} waits for them. */
  cut(): void;
}

/** How long a client may take, in milliseconds. */
export interface ClientTimes {
  /** For its header fields. */
  readonly headersMs: number;
  /** For the whole request. */
  readonly requestMs: number;
  /** How often both are checked: an answer 408 comes late by this much at most. */
  readonly checkMs: number;
}

// Node's own interval is 30 seconds, so that its limits are reached up to half a minute late.
const clientTimes: ClientTimes = { headersMs: 10_000, requestMs: 30_000, checkMs: 500 };

/** What a start needs. */
export interface ServerSources {
  readonly variables: Variables;
  /** In development, for what the variables lack. */
  readonly envFile?: string;
  /** What {@link envFile} has in it. */
  readonly fileVariables?: Variables;
  /** For the client of Secret Manager, as `loadConfig` takes them. Default none. */
  readonly gcpClientOptions?: NonNullable<LoadConfigOptions['gcpClientOptions']>;
  /** How long a client may take. Default 10 s for the header fields, 30 s for the request, checked every 0.5 s. */
  readonly clientTimes?: ClientTimes;
  /** Opens the live view, in development only. Default: there is none. */
  readonly openLiveView?: OpenLiveView;
  /** Ends the start: `startServer` then rejects with the signal's reason. Default never. */
  readonly signal?: AbortSignal;
}

/**
 * Starts the notes server. As soon as it listens it answers: with 503 until it is ready.
 *
 * @param write Where the log goes, line by line. Default: standard output.
 * @throws {AggregateError} Of one `ConfigError` per problem with the settings.
 * @throws {ConfigError} When the settings do not fit this server.
 * @throws When the port is taken.
 */
export async function startServer(
  sources: ServerSources,
  write?: (line: string) => void,
): Promise<RunningServer> {
  const { variables, envFile, fileVariables = {}, gcpClientOptions } = sources;
  const calledOff = abortOf(sources.signal);
  const written = write === undefined ? {} : { write };
  let sink = createCloudLoggingSink(written);
  const onEvent = (event: OperationalEvent) => sink.log(event);
  const load = (more: Variables = {}) => {
    const loading = loadConfig(
      { ...variables, ...more },
      {
        onEvent,
        ...(envFile !== undefined && { envFile }),
        ...(gcpClientOptions !== undefined && { gcpClientOptions }),
      },
    );
    return open(loading, ({ secrets }) => secrets?.close?.());
  };
  const isLocal = needsLocalSignIn({ ...fileVariables, ...variables });
  const { headersMs, requestMs, checkMs } = sources.clientTimes ?? clientTimes;
  const http = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  });
  const lifecycle = createLifecycle(http);
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  const until = <Value>(step: Promise<Value>) => Promise.race([step, calledOff]);
  /** Waits for what a step opens. If the start is called off before, it is closed as soon as it is open. */
  const open = async <Opened>(step: Promise<Opened>, close: (opened: Opened) => unknown) => {
    let isAwaited = true;
    step.then(
      (opened) => (isAwaited ? closers.push(() => close(opened)) : close(opened)),
      () => {},
    );
    try {
      return await until(step);
    } catch (error) {
      isAwaited = false;
      throw error;
    }
  };
  try {
    // The sink takes its gauges away: what they show is sent before.
    closers.push(() => sink.close());
    const exporting = await open(startExporting(variables, onEvent), ({ stop }) => stop());
    sink = exporting.join(sink);
    let config = await load(isLocal ? undecided : {});
    // The file is for development only.
    const own = config.environment.isProduction ? variables : { ...fileVariables, ...variables };
    const graceSeconds = readGraceSeconds(own);
    // Lines are then linked to the traces of that project.
    sink = exporting.join(createCloudLoggingSink({ ...written, projectId: config.projectId }));
    closers.push(() => lifecycle.stop());
    await until(listen(http, config));
    // Only now is the port known where any port would do.
    const { port } = http.address() as AddressInfo;
    const resource = config.port === 0 ? `http://localhost:${port}/mcp` : config.resource;
    const local = isLocal
      ? await open(startLocalSignIn(resource), (server) => server.stop())
      : undefined;
    if (local !== undefined) config = await load(variablesOfLocalIssuer(local, resource));

    let liveView: string | undefined;
    const view = config.environment.isProduction
      ? undefined
      : sources.openLiveView?.(config, (link) => {
          liveView = `http://localhost:${port}${link}`;
        });
    const composed = createGateFromConfig(config, {
      tools: toolScopes,
      initialScopes: ['read:data'],
      audit: view?.recordTo(sink) ?? sink,
      onEvent(event) {
        view?.onEvent(event);
        onEvent(event);
      },
      resource,
      resourceName: 'Sallyport reference: notes',
      // The Inspector's page, on a developer's machine.
      ...(!config.environment.isProduction && {
        allowedOrigins: ['http://localhost:6274', 'http://127.0.0.1:6274'],
      }),
    });
    const { gate: bare, readings, prepare } = await open(composed, ({ close }) => close());
    const withPage = createLandingPage({ serverName: 'notes' })(bare);
    const gate = view?.inFrontOf(withPage) ?? withPage;
    // This server must start even if the authorization server is down.
    void prepare();
    exporting.show(readings);
    const opening = openNotes(own['NOTES_DATABASE'], onEvent);
    const notes = await open(opening, (store) => store.close());
    const endpoint = createLateEndpoint(notes, onEvent);
    closers.push(() => endpoint.close());

    const { trustedProxyHops } = config;
    lifecycle.serve(createNotesListener({ gate, endpoint, resource, trustedProxyHops }));
    return {
      config,
      resource,
      port,
      local,
      get liveView() {
        return liveView;
      },
      get state() {
        return lifecycle.state;
      },
      permits: (tool, scopes) => gate.permits({ scopes }, { tool }),
      async stop() {
        // Streams would last as long as their tokens do.
        await lifecycle.stop({ graceSeconds, endStreams: gate.endStreams });
        await closeAll();
      },
      cut: lifecycle.cut,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function listen(http: Server, { host, port }: Config): Promise<void> {
  http.listen(port, host);
  await once(http, 'listening');
}

/** Rejects when the start is called off. */
function abortOf(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  // It may be called off between two steps.
  promise.catch(() => {});
  if (signal?.aborted) reject(signal.reason);
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
