/** Stand-ins for providers that register nobody: `oidc-provider` with the quirks of one kind each. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { Provider } from 'oidc-provider';
import { configureStandIn } from './stand-in-configuration.ts';
import { createInteractions } from './stand-in-pages.ts';

/** The five kinds. */
export const standInKinds = [
  'plain',
  'sends iss',
  'refuses resource',
  'sends iss and needs a secret',
  'redirect addresses to the letter',
] as const;
export type StandInKind = (typeof standInKinds)[number];

/** A provider that listens. */
export interface StandIn {
  readonly kind: StandInKind;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What tokens are issued for. */
  readonly audience: string;
  /** The parameters of each request for tokens, in order. */
  readonly tokenRequests: readonly URLSearchParams[];
  /** The queries of each authorization request, in order. */
  readonly authorizationRequests: readonly URLSearchParams[];
  /** From now on, the person says no at the provider. */
  refuse(isRefusing: boolean): void;
  /** Answers the next request for tokens in its place. */
  answerTokenRequest(status: number, body: string, headers?: Record<string, string>): void;
  /** Requests for tokens wait for this from now on. */
  delayTokens(until: Promise<void>): void;
  stop(): Promise<void>;
}

/** What a stand-in is told. */
export interface StandInOptions {
  /** The one redirect address that the provider knows. */
  readonly callback: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Shows a page that a person must click through. Default false: a session signs in at once. */
  readonly showsPage?: boolean;
}

const discovery = '/.well-known/openid-configuration';
const tenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
/** The API as a provider with own names of scopes knows it. */
export const applicationIdUri = 'api://8f2c1d5e-0000-4c9d-8e6f-1a2b3c4d5e6f';
export const entraTenant = tenant;

export async function startStandIn(
  kind: StandInKind,
  { callback, resource, scopes, showsPage = false }: StandInOptions,
): Promise<StandIn> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const isEntra = kind === 'refuses resource';
  const needsSecret = kind === 'sends iss and needs a secret';
  const sendsIss = kind.startsWith('sends iss');
  const issuer = isEntra ? `${base}/${tenant}/v2.0` : base;
  const routes = isEntra
    ? { authorization: `/${tenant}/oauth2/v2.0/authorize`, token: `/${tenant}/oauth2/v2.0/token` }
    : { authorization: '/authorize', token: '/token' };
  const clientId = 'the-mcp-server';
  const clientSecret = randomBytes(24).toString('base64url');
  const prefix = isEntra ? `${applicationIdUri}/` : '';
  const tokenRequests: URLSearchParams[] = [];
  const authorizationRequests: URLSearchParams[] = [];
  let isRefusing = false;
  let replacement: { status: number; body: string; headers: Record<string, string> } | undefined;
  let delay: Promise<void> = Promise.resolve();
  const audience = isEntra ? applicationIdUri : resource;

  const facts = { audience, callback, scopes, prefix, routes, clientId };
  const configuration = await configureStandIn(needsSecret ? { ...facts, clientSecret } : facts);
  const provider = new Provider(issuer, configuration);
  provider.on('server_error', (_context, error) => {
    throw error;
  });
  const pages = createInteractions(provider, audience, () => isRefusing, showsPage);

  provider.use(async (context, next) => {
    if (context.path === routes.authorization) {
      authorizationRequests.push(new URLSearchParams(context.querystring));
    }
    if (await pages(context)) return;
    if (isEntra && context.query['resource'] !== undefined) {
      context.status = 400;
      context.body = 'AADSTS9010010: The resource parameter provided in the request is not allowed';
      return;
    }
    await next();
    const location = context.response.get('Location') ?? '';
    if (sendsIss || !location.startsWith(callback)) return;
    const url = new URL(location);
    url.searchParams.delete('iss');
    context.set('Location', url.href);
  });

  const answer = provider.callback();
  server.on('request', async (request, response) => {
    const isToken = request.method === 'POST' && request.url === routes.token;
    if (request.url === `/${tenant}/v2.0${discovery}`) request.url = discovery;
    if (!isToken) return answer(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const form = new URLSearchParams(text);
    // Entra takes the scope at a refresh. oidc-provider never granted it without `prompt=consent`.
    const isRefresh = isEntra && form.get('grant_type') === 'refresh_token';
    const taken = isRefresh ? text.replace('+offline_access', '') : text;
    tokenRequests.push(form);
    await delay;
    if (replacement !== undefined) {
      const { status, body, headers } = replacement;
      replacement = undefined;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
      return;
    }
    if (isEntra && form.has('resource')) {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end(
        JSON.stringify({ error: 'invalid_request', error_description: 'AADSTS9010010' }),
      );
      return;
    }
    const { method, url, headers, rawHeaders, socket, httpVersion } = request;
    const again = { method, url, headers, rawHeaders, socket, httpVersion };
    const bytes = Buffer.from(taken);
    again.headers['content-length'] = String(bytes.length);
    await answer(Object.assign(Readable.from([bytes]), again) as typeof request, response);
  });

  return {
    kind,
    issuer,
    authorizationEndpoint: base + routes.authorization,
    tokenEndpoint: base + routes.token,
    jwksUri: `${base}/jwks`,
    clientId,
    clientSecret,
    audience,
    tokenRequests,
    authorizationRequests,
    refuse(value) {
      isRefusing = value;
    },
    answerTokenRequest(status, body, headers = {}) {
      replacement = { status, body, headers };
    },
    delayTokens(until) {
      delay = until;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
