/** The sign-in at this server, walked through with a code that no provider issued. */
import { type Config, type ConfigEvent, createGateFromConfig } from '@sallyport/config';
import type { GateAnswer, McpGate, ParseBody } from '@sallyport/mcp-adapter';
import { readNetworkFault } from '../../diagnosis/network-faults.ts';
import { failed, passed, type Step } from '../../diagnosis/step.ts';
import { printable } from '../../terminal/printable.ts';

const nobody = '192.0.2.1';
const addresses: ReadonlyMap<string, string> = new Map([
  ['claude', 'https://claude.ai/api/mcp/auth_callback'],
  ['vscode', 'https://vscode.dev/redirect'],
  ['cursor', 'https://www.cursor.com/agents/mcp/oauth/callback'],
  ['loopback', 'http://127.0.0.1/callback'],
]);
const verifier = 'a'.repeat(43);
// The S256 challenge of that verifier.
const challenge = 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA';

/**
 * Registers a client, says yes in its person's place, and redeems a code that nobody issued. The provider must refuse
 * the code, and not this server. One request is sent to the provider.
 */
export async function readSignInStep(config: Config, signal: AbortSignal): Promise<Step> {
  const events: ConfigEvent[] = [];
  const { gate, close } = await createGateFromConfig(config, {
    tools: config.toolScopes ?? {},
    audit: { emit: () => {} },
    onEvent: (event) => void events.push(event),
  });
  try {
    const { answer, provider } = await redeemUnknownCode(gate, config, signal);
    return describe(answer, events, config.signIn?.tokenUrl ?? provider);
  } finally {
    await close();
  }
}

function describe(
  answer: GateAnswer | undefined,
  events: readonly ConfigEvent[],
  tokenUrl: string,
): Step {
  const { error } = JSON.parse(answer?.body ?? '{}') as { error?: string };
  if (error === 'invalid_grant') {
    return passed('sign-in', 'the provider takes this server, and refuses an unknown code');
  }
  if (events.some(({ type }) => type === 'credentials_refused')) {
    return failed('sign-in', {
      summary: 'the provider refuses this server as a client',
      owner: 'this server',
      cure: 'Correct FASTMCP_SERVER_AUTH_SIGN_IN_CLIENT_ID and FASTMCP_SERVER_AUTH_SIGN_IN_CLIENT_SECRET. At Entra, "Web" needs a secret, and "Mobile and desktop applications" must not have one.',
    });
  }
  const fault = events.findLast(({ type }) => type === 'sign_in_failed');
  const detail = String(fault?.['detail'] ?? 'the sign-in could not be walked through');
  const variable = 'FASTMCP_SERVER_AUTH_SIGN_IN_TOKEN_URL';
  const { owner, cure } = readNetworkFault(detail, { url: tokenUrl, variable });
  return failed('sign-in', { summary: printable(detail), owner, cure });
}

async function redeemUnknownCode(
  gate: McpGate,
  { resource, signIn }: Config,
  signal: AbortSignal,
): Promise<{ readonly answer: GateAnswer | undefined; readonly provider: string }> {
  const { host, origin, pathname } = new URL(resource);
  const [allowed = 'claude'] = signIn?.allowedClients ?? [];
  const redirectUri = addresses.get(allowed) ?? allowed;

  async function ask(
    path: string,
    body?: URLSearchParams | object,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<GateAnswer | undefined> {
    const isForm = body instanceof URLSearchParams;
    const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    const all: Readonly<Record<string, string>> = { origin, 'content-type': type, ...fields };
    const text = isForm ? String(body) : JSON.stringify(body);
    const unparsed: ParseBody = () => ({ ok: false, fault: 'body_not_json' });
    const decision = await gate.handle({
      method: body === undefined ? 'GET' : 'POST',
      target: `${pathname === '/' ? '' : pathname}/sign-in${path}`,
      host,
      field: (name) => (all[name] === undefined ? [] : [all[name]]),
      clientAddress: nobody,
      signal,
      readJson: async (limit, { parse = unparsed } = {}) =>
        parse(new TextEncoder().encode(text), limit),
    });
    return decision.pass ? undefined : decision.answer;
  }

  const registered = await ask('/register', { redirect_uris: [redirectUri] });
  const { client_id: clientId = '' } = JSON.parse(registered?.body ?? '{}') as Registered;
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const page = await ask(`/authorize?${request}`);
  const [, ticket = ''] = / name="request" value="([^"]+)"/.exec(page?.body ?? '') ?? [];
  const yes = await ask('/consent', new URLSearchParams({ request: ticket, decision: 'allow' }));
  const provider = URL.parse(yes?.headers['Location'] ?? '') ?? new URL(resource);
  const state = provider.searchParams.get('state') ?? '';
  const cookie = (yes?.headers['Set-Cookie'] ?? '').split(';', 1)[0] ?? '';
  const query = new URLSearchParams({ code: 'a-code-that-nobody-issued', state });
  const back = await ask(`/callback?${query}`, undefined, { cookie });
  const code = URL.parse(back?.headers['Location'] ?? '')?.searchParams.get('code') ?? '';
  const redemption = { client_id: clientId, redirect_uri: redirectUri, code };
  const form = { grant_type: 'authorization_code', code_verifier: verifier, ...redemption };
  const answer = await ask('/token', new URLSearchParams(form));
  return { answer, provider: provider.origin };
}

interface Registered {
  readonly client_id?: string;
}
