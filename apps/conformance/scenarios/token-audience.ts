import {
  defaultAuthorizationServerPort,
  startMockAuthorizationServer,
} from './mock-authorization-server.ts';
import { challengeParameter, firstMessage, openTool, report, send } from './probe.ts';
import {
  type CheckDefinition,
  type ClientScenario,
  type ConformanceCheck,
  conclude,
  type RunContext,
  untestable,
} from './suite.ts';

const specification =
  'https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization';
const tokenHandling = { id: 'MCP-Auth-Token-Handling', url: `${specification}#token-handling` };
const audienceBinding = {
  id: 'MCP-Auth-Token-Audience-Binding-And-Validation',
  url: `${specification}#token-audience-binding-and-validation`,
};
const bearerErrors = {
  id: 'RFC-6750-Section-3.1',
  url: 'https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1',
};

const must = (id: string, name: string, description: string): CheckDefinition => ({
  ...{ id, name, description, severity: 'FAILURE' },
  specReferences: [tokenHandling, audienceBinding],
});

const accepted = must(
  'auth-audience-own-accepted',
  'OwnAudienceAccepted',
  'Server accepts a valid access token whose audience is its own URL',
);
const challenged: CheckDefinition = {
  id: 'auth-audience-challenge',
  name: 'InvalidTokenChallenge',
  description: 'Server answers a token for another audience with the error invalid_token',
  severity: 'WARNING',
  specReferences: [bearerErrors],
};

/** The audiences and the other faults, each with the same rest of the token. */
const refused = [
  ['other-host', 'a token for another server', () => 'https://other.example.com/mcp'],
  ['sibling', 'a token for another path of the same host', (own: string) => `${own}-other`],
  [
    'prefix',
    'a token whose audience only begins like its own',
    (own: string) => `${own}.example.com`,
  ],
  ['absent', 'a token without an audience', () => undefined],
  ['empty', 'a token with an empty list of audiences', () => []],
  [
    'list',
    'a token with a list of other audiences',
    (own: string) => [`${own}-other`, 'suite-client'],
  ],
  ['client', 'a token whose audience is the client', () => 'suite-client'],
] as const;

/**
 * Tests that a server accepts only access tokens that were issued for it.
 *
 * The server must trust `http://127.0.0.1:9797` as its authorization server, fetch the keys when a token arrives, and
 * expect exactly the URL that the runner is given as audience. Authorization is optional in MCP: a server that answers
 * without a token skips every check.
 */
export class TokenAudienceScenario implements ClientScenario {
  name = 'auth-token-audience';
  source = { introducedIn: '2025-06-18' } as const;
  description = 'Server accepts only access tokens whose audience is its own URL (RFC 8707).';
  readonly #port: number;

  constructor(port: number = defaultAuthorizationServerPort) {
    this.#port = port;
  }

  async run(context: RunContext): Promise<ConformanceCheck[]> {
    const { serverUrl, specVersion } = context;
    const issuer = await startMockAuthorizationServer(this.#port);
    const probe = (token?: string) =>
      send(context, firstMessage(specVersion), specVersion, { token });
    const definitions = refused.map(([key, what, audience]) => ({
      audience,
      definition: must(
        `auth-audience-${key}-rejected`,
        `Audience${key}Rejected`,
        `Server rejects ${what} with HTTP 401`,
      ),
    }));
    const all = [accepted, challenged, ...definitions.map(({ definition }) => definition)];
    try {
      if ((await probe()).status < 300) {
        const details = { reason: 'The server has no authorization, which is optional.' };
        return all.map((each) => ({ ...conclude(each, undefined, details), status: 'SKIPPED' }));
      }
      const control = await probe(await issuer.issueToken(serverUrl, openTool.scope));
      if (control.status !== 200) {
        const reason = `the server refuses a valid token with HTTP ${control.status}`;
        return all.map((each) => untestable(each, reason));
      }
      const checks = [conclude(accepted, undefined, report(control))];
      for (const { audience, definition } of definitions) {
        const aud = audience(serverUrl);
        const answer = await probe(await issuer.issueToken(serverUrl, openTool.scope, { aud }));
        const problem =
          answer.status === 401 ? undefined : `Expected HTTP 401, got HTTP ${answer.status}`;
        checks.push(conclude(definition, problem, { audience: aud, ...report(answer) }));
        if (definition.id === 'auth-audience-other-host-rejected') {
          const error = challengeParameter(answer.challenge, 'error');
          const found = `Expected error="invalid_token", got ${answer.challenge}`;
          checks.push(
            conclude(challenged, error === 'invalid_token' ? undefined : found, report(answer)),
          );
        }
      }
      return checks;
    } finally {
      await issuer.close();
    }
  }
}
