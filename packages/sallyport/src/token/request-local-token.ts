/** A whole sign-in at the local authorization server of `sallyport dev`, without a person. */

import { createHash, randomBytes } from 'node:crypto';
import { loadTesting } from '../load-testing.ts';
import { UsageError } from '../usage-error.ts';

const callback = 'http://127.0.0.1/callback';
const patienceMs = 10_000;

/**
 * Registers a client, signs in and gets a token.
 *
 * @param resource URL of the MCP endpoint.
 * @param scope Default: every scope that the server knows.
 * @throws {UsageError} When the server or its authorization server is not on this machine, or does not answer.
 */
export async function requestLocalToken(
  resource: string,
  scope: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const url = readLocal(resource, 'The server');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const metadata = await getJson(
    `${url.origin}/.well-known/oauth-protected-resource${url.pathname}`,
    { signal: limit },
  );
  const [issuer] = [metadata['authorization_servers']].flat();
  const { href } = readLocal(String(issuer), 'The authorization server');
  const server = await getJson(
    `${href.replace(/\/$/, '')}/.well-known/oauth-authorization-server`,
    {
      signal: limit,
    },
  );
  const scopes = scope ?? [metadata['scopes_supported'] ?? []].flat().join(' ');
  const target = String(metadata['resource']);
  const client = await getJson(String(server['registration_endpoint']), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      client_name: 'sallyport token',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
    }),
    signal: limit,
  });
  const clientId = String(client['client_id']);
  const verifier = randomBytes(32).toString('base64url');
  const authorization = new URL(String(server['authorization_endpoint']));
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback,
    scope: scopes,
    resource: target,
    state: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })) {
    authorization.searchParams.set(name, value);
  }
  const { authorizeHeadlessly } = await loadTesting();
  const answer = await authorizeHeadlessly(authorization);
  const code = answer.searchParams.get('code');
  if (code === null) {
    throw new UsageError(
      `The authorization server refused: ${answer.searchParams.get('error_description') ?? answer.searchParams.get('error')}.`,
    );
  }
  const tokens = await getJson(String(server['token_endpoint']), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      client_id: clientId,
      code_verifier: verifier,
      resource: target,
    }),
    signal: limit,
  });
  return String(tokens['access_token']);
}

/** Only a local authorization server lets a program press "Allow". */
function readLocal(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)) return url;
  throw new UsageError(
    `${what} is not on this machine, so a person has to sign in there. Tokens are made for "sallyport dev" alone.`,
  );
}

async function getJson(url: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, init).catch(() => undefined);
  const json: unknown = await response?.json().catch(() => undefined);
  if (response?.ok === true && typeof json === 'object' && json !== null) {
    return json as Record<string, unknown>;
  }
  const status = response === undefined ? 'no answer' : `HTTP ${response.status}`;
  throw new UsageError(
    `${new URL(url).origin}: ${status}. Start "sallyport dev" first, or name its URL with --url.`,
  );
}
