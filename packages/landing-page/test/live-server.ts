/** A gate with a landing page and a live view, and calls that make it worth a look. */
import { detectEnvironment } from '@sallyport/core';
import type { McpGate } from '@sallyport/mcp-adapter';
import { createLiveView, type LiveViewOptions, type TokenExplanation } from '../src/development.ts';
import { createLandingPage } from '../src/index.ts';
import { goodToken, type ProtectedServer, settingsFor, start } from './protected-servers.ts';

export const environment = detectEnvironment({ ENVIRONMENT: 'development' });

/** What a token of another server comes to. */
export const explanation: TokenExplanation = {
  accepted: false,
  status: 401,
  code: 'token_audience_mismatch',
  steps: [
    { name: 'form', state: 'passed', summary: 'a JWT with three parts' },
    { name: 'issuer', state: 'passed', summary: 'https://auth.example.com/' },
    { name: 'algorithm', state: 'passed', summary: 'ES256' },
    { name: 'key', state: 'passed', summary: 'kid 2026-11' },
    { name: 'signature', state: 'passed', summary: 'holds' },
    {
      name: 'audience',
      state: 'failed',
      summary: 'names another server',
      expected: 'https://notes.example.com/mcp',
      found: 'https://files.example.com/mcp',
      owner: 'the client',
      cure: 'The token is for another server. The client must ask for one with resource=https://notes.example.com/mcp.',
    },
    {
      name: 'times',
      state: 'not reached',
      summary: 'not reached; would pass: expires in 54 minutes',
    },
    { name: 'scopes', state: 'not reached', summary: 'not reached; would pass: notes:read' },
  ],
};

/** A server with a live view. */
export interface LiveServer extends ProtectedServer {
  /** Path and query of the newest link. */
  link(): string;
  call(name: string, token?: string): Promise<number>;
  /** Tokens that were explained. */
  readonly explained: readonly string[];
}

/** @param changes Changes of the options of the live view. */
export async function startLiveServer(
  changes: Partial<LiveViewOptions> = {},
  host = 'node',
): Promise<LiveServer> {
  let link = '';
  const explained: string[] = [];
  const view = createLiveView({
    environment,
    onLink(given) {
      link = given;
    },
    async explain(token) {
      explained.push(token);
      return explanation;
    },
    ...changes,
  });
  const landingPage = createLandingPage();
  const server = await start(
    host,
    settingsFor({
      resourceName: 'Field notes',
      audit: view.recordTo({ emit: () => {} }),
      onEvent: view.onEvent,
      landingPage: (gate: McpGate) => view.inFrontOf(landingPage(gate)),
    }),
  );
  view.onEvent({ type: 'keys_loaded' });
  return {
    ...server,
    link: () => link,
    explained,

    async call(name, token) {
      const answer = await fetch(`${server.origin}/mcp`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name, arguments: {} },
        }),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

/** Ten minutes of work: most calls are accepted, some clients sign in, and one guesses until it is limited. */
export async function work(server: LiveServer, passTenSeconds: () => void): Promise<void> {
  for (let slot = 0; slot < 58; slot += 1) {
    passTenSeconds();
    const calls = 2 + Math.round(3 * (1 + Math.sin(slot / 5))) + (slot % 3);
    for (let index = 0; index < calls; index += 1) {
      await server.call(index % 2 === 0 ? 'read_note' : 'write_note', goodToken);
    }
    if (slot % 4 === 0) await server.call('read_note');
    if (slot % 9 === 5) await server.call('read_note', 'a-token-that-nobody-issued');
  }
  for (let index = 0; index < 14; index += 1)
    await server.call('read_note', 'another-invented-one');
}
