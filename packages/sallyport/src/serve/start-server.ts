/** The gate with a server behind it, from the settings to the port. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, createGateFromConfig, loadConfig, saysHowToSignIn } from '@sallyport/config';
import type { AuditSink, Secret } from '@sallyport/core';
import { createLandingPage } from '@sallyport/landing-page';
import { createLifecycle, type RunningServer } from '@sallyport/lifecycle';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import type { OperationalEvent } from '@sallyport/telemetry';
import type { AuthorizationServer } from '@sallyport/testing';
import type { Surroundings } from '../surroundings.ts';
import { createCurlAnswers } from './curl/curl-answers.ts';
import type { OpenLiveView } from './live-view.ts';
import { describeLocalSignIn, startLocalSignIn } from './local-sign-in.ts';
import { assertAnonymousFits, describeSecurity, type UpstreamContext } from './open-upstream.ts';
import { createReloadableUpstream } from './reloadable-upstream.ts';
import type { ServeOptions, Target } from './serve-options.ts';
import { tryTarget } from './try-target.ts';

/** A gate that listens. */
export interface GateServer extends RunningServer {
  readonly config: Config;
  readonly port: number;
  /** Public URL of the MCP endpoint. */
  readonly resource: string;
  /** The local authorization server, in development without settings. */
  readonly local: AuthorizationServer | undefined;
  /** The address of the live view, which works once. `undefined` without one. */
  readonly liveView: string | undefined;
}

/** What a start needs. */
export interface ServerParts {
  readonly target: Target;
  readonly options: ServeOptions;
  readonly surroundings: Surroundings;
  /** The settings. */
  readonly variables: Surroundings['variables'];
  /** A file for what the variables lack, in development. */
  readonly envFile?: string;
  /** Whether a local authorization server stands in for missing settings. */
  readonly isDevelopment: boolean;
  readonly audit: AuditSink;
  readonly onEvent: (event: OperationalEvent) => void;
  /** Opens the live view, in development. */
  readonly openLiveView?: OpenLiveView;
  /** Receives the next address of the live view, when one was used. */
  readonly onLiveView?: (address: string) => void;
  /** Receives each message that reaches the server, and the scopes by tool. */
  readonly onForwarded?: (body: unknown, toolScopes: Readonly<Record<string, unknown>>) => void;
  readonly signal: AbortSignal;
}

const prefix = 'FASTMCP_SERVER_AUTH_';
const unusedKey: OperationalEvent = {
  type: 'assertion_key_unused',
  advice: `Assertions go to a server over HTTP alone. Remove ${prefix}ASSERTION_KEY and ${prefix}ASSERTION_PUBLISHED_KEYS, or name the server with --upstream.`,
};
const inspectorOrigins = ['http://localhost:6274', 'http://127.0.0.1:6274'];

/**
 * Starts the gate. It answers as soon as it listens: with 503 until it is ready.
 *
 * @throws {AggregateError} Of one `ConfigError` for each problem with the settings.
 * @throws {ConfigError} When an option is wrong.
 * @throws When the port is in use.
 */
export async function startServer(parts: ServerParts): Promise<GateServer> {
  const { options, isDevelopment, onEvent, signal, target, surroundings } = parts;
  const http = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  const lifecycle = createLifecycle(http);
  const closers: (() => unknown)[] = [() => lifecycle.stop()];
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const own =
      options.port === undefined ? parts.variables : { ...parts.variables, PORT: options.port };
    const load = async (variables: Surroundings['variables']) => {
      const loaded = await loadConfig(variables, {
        onEvent,
        ...(parts.envFile !== undefined && { envFile: parts.envFile }),
      });
      closers.push(() => loaded.secrets?.close?.());
      return loaded;
    };
    const isLocal = isDevelopment && !saysHowToSignIn(own);
    // Before the local authorization server there are no settings to check.
    let config = await load(isLocal ? { ...own, [`${prefix}TYPE`]: 'static' } : own);
    assertAnonymousFits(config, target);
    const host = options.host ?? config.host;
    http.listen(config.port, host);
    await once(http, 'listening');
    signal.throwIfAborted();
    const { port } = http.address() as AddressInfo;
    const resource = isLocal || isAnyPort(config) ? localResource(config, port) : config.resource;
    const local = isLocal ? await startLocalSignIn(resource) : undefined;
    closers.push(() => local?.stop());
    if (local !== undefined)
      config = await load({ ...own, ...describeLocalSignIn(local, resource) });

    let liveView: string | undefined;
    const view = parts.openLiveView?.({
      config,
      isLocalIssuer: local !== undefined,
      now: surroundings.now,
      onLink(link) {
        const isNext = liveView !== undefined;
        liveView = `http://localhost:${port}${link}`;
        if (isNext) parts.onLiveView?.(liveView);
      },
    });
    let replaceAssertionKey = (_next: Secret): void => {};
    const composed = await createGateFromConfig(
      { ...config, host },
      {
        tools: config.toolScopes ?? {},
        audit: view?.recordTo(parts.audit) ?? parts.audit,
        onEvent(event) {
          view?.onEvent(event);
          onEvent(event);
        },
        resource,
        ...(target.kind === 'http' && {
          replaceAssertionKey: (next: Secret) => replaceAssertionKey(next),
        }),
        ...(isDevelopment && { allowedOrigins: inspectorOrigins }),
      },
    );
    closers.push(() => composed.close());
    void composed.prepare();
    const isKeySet = config.assertionKey !== undefined || config.publishedAssertionKeys.length > 0;
    if (isKeySet && target.kind !== 'http') onEvent(unusedKey);
    const overHttp: UpstreamContext['overHttp'] = {
      ...describeSecurity(config),
      publishedKeys: config.publishedAssertionKeys,
      ...(config.assertionKey !== undefined && { assertionKey: config.assertionKey }),
    };
    const reloadable = createReloadableUpstream(
      target,
      { permits: composed.gate.permits, overHttp, options, surroundings, onEvent },
      isDevelopment,
    );
    const { toolScopes = {} } = config;
    const upstream: typeof reloadable = {
      ...reloadable,
      handle(request, response, body) {
        parts.onForwarded?.(body, toolScopes);
        return reloadable.handle(request, response, body);
      },
    };
    replaceAssertionKey = upstream.replaceAssertionKey;
    closers.push(() => upstream.close());
    if (isDevelopment) await tryTarget(target, { upstream, options, surroundings, signal });
    const withPage = createLandingPage()(composed.gate);
    const gate = view?.inFrontOf(withPage) ?? withPage;
    const { trustedProxyHops } = config;
    const path = new URL(resource).pathname;
    const gated = nodeGate(
      gate,
      (request, response, body) => {
        if ((request.url ?? '').split('?', 1)[0] === path)
          return upstream.handle(request, response, body);
        response.writeHead(404, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ error_description: 'Nothing here' }));
      },
      { trustedProxyHops },
    );
    const curl = options.curl ? createCurlAnswers({ gate, upstream, trustedProxyHops }) : undefined;
    lifecycle.serve((request, response) => {
      if (upstream.serveKeySet(request, response)) return;
      void (curl?.(request) ?? gated)(request, response);
    }, upstream.health);
    signal.throwIfAborted();
    return {
      config,
      port,
      resource,
      local,
      liveView,
      async stop() {
        await lifecycle.stop({ endStreams: gate.endStreams });
        await closeAll();
      },
      cut: lifecycle.cut,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Whether the address of the endpoint depends on the port that was found. */
function isAnyPort({ port, environment, settings }: Config): boolean {
  const isSaid = settings.some(
    ({ name, origin }) => name === `${prefix}RESOURCE_URL` && origin.source !== 'default',
  );
  return port === 0 && !environment.isProduction && !isSaid;
}

function localResource({ resource }: Config, port: number): string {
  const path = URL.canParse(resource) ? new URL(resource).pathname : '/mcp';
  return `http://localhost:${port}${path}`;
}
