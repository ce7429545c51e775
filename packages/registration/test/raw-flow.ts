/** One sign-in, step by step, so that a test can change any byte of it. */
import { createHash, randomBytes } from 'node:crypto';
import { createCookieJar } from '@sallyport/testing';
import type { Served } from './served.ts';

export const loopbackAddress = 'http://127.0.0.1:7777/callback';
export const claudeAddress = 'https://claude.ai/api/mcp/auth_callback';

/** Every ticket, state, cookie, code and token that a test has seen. */
export const secretsSeen: Set<string> = new Set();

function seen<Value extends string | undefined>(value: Value): Value {
  if (value !== undefined && value.length > 15) secretsSeen.add(value);
  return value;
}

/** The endpoints of one instance. Others may share its public URL. */
const endpointsOf = ({ origin }: Served): string => `${origin}/mcp/sign-in`;

export interface RawClient {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly verifier: string;
  readonly challenge: string;
}

export interface Allowed {
  /** The address of the provider. */
  readonly location: URL;
  /** `name=value`. */
  readonly cookie: string;
}

export async function post(
  url: string,
  body: Record<string, string> | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(body),
    headers,
  });
}

export async function registerRaw(served: Served, metadata: object): Promise<Response> {
  return fetch(`${endpointsOf(served)}/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(metadata),
  });
}

export async function register(
  served: Served,
  metadata: { readonly redirect_uris: readonly string[]; readonly client_name?: string } = {
    redirect_uris: [loopbackAddress],
  },
): Promise<RawClient> {
  const grants = { grant_types: ['authorization_code', 'refresh_token'] };
  const response = await registerRaw(served, { ...grants, ...metadata });
  const { client_id: clientId } = (await response.json()) as { client_id: string };
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  seen(clientId);
  return { clientId, redirectUri: metadata.redirect_uris[0] ?? '', verifier, challenge };
}

/** The parameters of a good authorization request. */
export function requestOf(served: Served, client: RawClient): Record<string, string> {
  return {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: 'notes:read',
    state: 'the state of the client',
    resource: served.resource,
    code_challenge: client.challenge,
    code_challenge_method: 'S256',
  };
}

/** @param query A text is taken as it is. */
export async function openPage(
  served: Served,
  query: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const text = typeof query === 'string' ? query : String(new URLSearchParams(query));
  return fetch(`${endpointsOf(served)}/authorize?${text}`, { redirect: 'manual', headers });
}

export function ticketIn(html: string): string {
  return seen(/ name="request" value="([^"]+)"/.exec(html)?.[1] ?? '');
}

export async function answerPage(
  served: Served,
  ticket: string,
  decision = 'allow',
  headers: Record<string, string> = { Origin: new URL(served.issuer).origin },
): Promise<Response> {
  return post(`${endpointsOf(served)}/consent`, { request: ticket, decision }, headers);
}

export function cookieIn(response: Response): string {
  return seen(response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '');
}

/** Opens the page and says yes. */
export async function allow(
  served: Served,
  client: RawClient,
  changes: Record<string, string> = {},
): Promise<Allowed> {
  const page = await openPage(served, { ...requestOf(served, client), ...changes });
  const response = await answerPage(served, ticketIn(await page.text()));
  return {
    location: new URL(response.headers.get('Location') ?? 'about:blank'),
    cookie: cookieIn(response),
  };
}

/** Signs in at the provider. Returns the address of the callback with its code. */
export async function signInAtProvider(location: URL): Promise<URL> {
  const jar = createCookieJar();
  let url = location;
  for (let step = 0; step < 8; step += 1) {
    const headers = { Cookie: jar.headerFor(url) };
    const response = await fetch(url, { redirect: 'manual', headers });
    jar.store(url, response.headers.getSetCookie());
    url = new URL(response.headers.get('Location') ?? 'about:blank', url);
    seen(url.searchParams.get('code') ?? undefined);
    if (url.pathname.endsWith('/callback')) return url;
  }
  throw new Error(`the provider leads to ${url.pathname}`);
}

export async function callback(url: URL, cookie?: string): Promise<Response> {
  return fetch(url, {
    redirect: 'manual',
    headers: cookie === undefined ? {} : { Cookie: cookie },
  });
}

export function answerOf(response: Response): URLSearchParams {
  return new URL(response.headers.get('Location') ?? 'about:blank').searchParams;
}

/** A whole sign-in up to the code. */
export async function getCode(served: Served, client: RawClient): Promise<string> {
  const { location, cookie } = await allow(served, client);
  const response = await callback(await signInAtProvider(location), cookie);
  return seen(answerOf(response).get('code') ?? '');
}

/** The parameters of a good request for tokens. */
export function redemptionOf(
  served: Served,
  client: RawClient,
  code: string,
): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    resource: served.resource,
    code_verifier: client.verifier,
    code,
  };
}

export interface TokenBody {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly scope?: string;
  readonly error?: string;
  readonly [more: string]: unknown;
}

export async function askToken(
  served: Served,
  form: Record<string, string> | URLSearchParams,
  headers?: Record<string, string>,
): Promise<{ status: number; body: TokenBody }> {
  const response = await post(`${endpointsOf(served)}/token`, form, headers);
  const body = (await response.json()) as TokenBody;
  seen(body.access_token);
  seen(body.refresh_token);
  return { status: response.status, body };
}

/** A whole sign-in. */
export async function getTokens(served: Served, client: RawClient): Promise<TokenBody> {
  const code = await getCode(served, client);
  return (await askToken(served, redemptionOf(served, client, code))).body;
}
