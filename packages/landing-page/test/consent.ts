/** A client that asks for consent at the local authorization server. */
import { createHash, randomBytes } from 'node:crypto';
import type { AuthorizationServer } from '@sallyport/testing';

/** Registers a client. Returns where its person goes, and where they come back to. */
export async function startConsent(
  { issuer }: AuthorizationServer,
  clientName: string,
): Promise<{ url: string; callback: string }> {
  const callback = 'http://localhost:6274/oauth/callback';
  const metadata = await readJson(`${issuer}/.well-known/oauth-authorization-server`);
  const client = await readJson(metadata['registration_endpoint'] ?? '', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      client_name: clientName,
      redirect_uris: [callback],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    }),
  });
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client['client_id'] ?? '',
    redirect_uri: callback,
    scope: 'notes:read notes:write',
    state: 'a',
    resource: 'http://localhost:8000/mcp',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return { url: `${metadata['authorization_endpoint']}?${query}`, callback };
}

async function readJson(url: string, init?: RequestInit): Promise<Record<string, string>> {
  return (await (await fetch(url, init)).json()) as Record<string, string>;
}
