/** A sign-in as it is in production, at an https address that nobody listens at. */
import { detectEnvironment } from '@sallyport/core';
import { protect } from '@sallyport/protect/fetch';
import { general, type SignInOptions } from '@sallyport/registration';
import { ticketIn } from './raw-flow.ts';
import { sealingKey } from './served.ts';

export const resource = 'https://mcp.example.com/mcp';
export const issuer = `${resource}/sign-in`;

export const provider = {
  issuer: 'https://auth.example.com',
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
  clientId: 'the-mcp-server',
} as const;

/** @param options Default: a good sign-in. */
export async function protectInProduction(options: Partial<SignInOptions> = { sealingKey }) {
  const gated = await protect(
    {
      resource,
      verifier: {
        name: 'none',
        verify: async () => {
          throw new Error('no token comes here');
        },
      } as never,
      tools: { read_note: ['notes:read'] },
      environment: detectEnvironment({}),
      audit: { emit: () => {} },
      onEvent: () => {},
      signIn: general({ ...provider, ...options }),
    },
    () => new Response('behind the gate'),
  );
  const ask = (path: string, init?: RequestInit) => gated(new Request(issuer + path, init));

  /** Says yes. Returns the cookie. */
  async function allow(): Promise<string> {
    const redirectUri = 'https://claude.ai/api/mcp/auth_callback';
    const registered = await ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [redirectUri] }),
    });
    const { client_id: clientId } = (await registered.json()) as { client_id: string };
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    });
    const page = await ask(`/authorize?${query}`);
    const answer = await ask('/consent', {
      method: 'POST',
      headers: { Origin: new URL(issuer).origin },
      body: new URLSearchParams({ request: ticketIn(await page.text()), decision: 'allow' }),
    });
    return answer.headers.getSetCookie()[0] ?? '';
  }

  return { ask, allow, close: gated.close };
}
