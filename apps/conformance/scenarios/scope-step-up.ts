import {
  defaultAuthorizationServerPort,
  startMockAuthorizationServer,
} from './mock-authorization-server.ts';
import {
  callMessage,
  challengeParameter,
  guardedTool,
  hasGuardedContent,
  hasOpenContent,
  openTool,
  report,
  sendInSession,
} from './probe.ts';
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
const insufficientScope = {
  id: 'MCP-Auth-Runtime-Insufficient-Scope-Errors',
  url: `${specification}#runtime-insufficient-scope-errors`,
};
const errorHandling = { id: 'MCP-Auth-Error-Handling', url: `${specification}#error-handling` };

function define(
  severity: CheckDefinition['severity'],
  id: string,
  name: string,
  description: string,
): CheckDefinition {
  return { id, name, description, severity, specReferences: [insufficientScope, errorHandling] };
}

const definitions = {
  notRun: define(
    'FAILURE',
    'auth-step-up-tool-not-run',
    'ToolWithoutScopeNotRun',
    'Server does not run a tool for a token without its scope',
  ),
  status: define(
    'WARNING',
    'auth-step-up-forbidden',
    'InsufficientScopeForbidden',
    'Server answers a valid token without the scope of the tool with HTTP 403',
  ),
  challenge: define(
    'WARNING',
    'auth-step-up-challenge',
    'InsufficientScopeChallenge',
    'The challenge has error="insufficient_scope" and every scope of the tool',
  ),
  metadata: define(
    'WARNING',
    'auth-step-up-metadata',
    'InsufficientScopeMetadata',
    'The challenge names metadata (RFC 9728) whose resource is the URL of the server',
  ),
  retried: define(
    'FAILURE',
    'auth-step-up-retry-accepted',
    'RetryWithScopeAccepted',
    'Server runs the tool for a token with the scopes of the challenge and of the first token',
  ),
  kept: define(
    'FAILURE',
    'auth-step-up-first-token-kept',
    'FirstTokenKept',
    'The first token still calls the tool that it has a scope for',
  ),
  expired: define(
    'FAILURE',
    'auth-step-up-expired-first',
    'ExpiredBeforeScope',
    'Server answers an expired token without the scope with HTTP 401: a step-up would not help',
  ),
} as const;

/**
 * Tests the answers that a client needs to ask its user for more scopes.
 *
 * The server must be set up as for {@link VersionDowngradeScenario}.
 */
export class ScopeStepUpScenario implements ClientScenario {
  name = 'auth-scope-step-up';
  source = { introducedIn: '2025-11-25' } as const;
  description = 'Server answers a token with too few scopes so that the client can step up.';
  readonly #port: number;

  constructor(port: number = defaultAuthorizationServerPort) {
    this.#port = port;
  }

  async run(context: RunContext): Promise<ConformanceCheck[]> {
    const { serverUrl, specVersion } = context;
    const issuer = await startMockAuthorizationServer(this.#port);
    const call = (tool: string, token: string) =>
      sendInSession(context, callMessage(tool, specVersion), specVersion, { token });
    try {
      const low = await issuer.issueToken(serverUrl, openTool.scope);
      const control = await call(openTool.name, low);
      if (!hasOpenContent(control)) {
        const reason = `the server does not run ${openTool.name} with a valid token (HTTP ${control.status})`;
        return Object.values(definitions).map((each) => untestable(each, reason));
      }
      const refusal = await call(guardedTool.name, low);
      const asked = challengeParameter(refusal.challenge, 'scope')?.split(' ') ?? [];
      const both = new Set([openTool.scope, guardedTool.scope, ...asked]);
      const retry = await call(
        guardedTool.name,
        await issuer.issueToken(serverUrl, [...both].join(' ')),
      );
      const again = await call(openTool.name, low);
      const past = Math.floor(Date.now() / 1_000) - 3_600;
      const expired = await call(
        guardedTool.name,
        await issuer.issueToken(serverUrl, openTool.scope, { iat: past - 300, exp: past }),
      );
      const isChallenge =
        challengeParameter(refusal.challenge, 'error') === 'insufficient_scope' &&
        asked.includes(guardedTool.scope);
      const expect = (isRight: boolean, problem: string) => (isRight ? undefined : problem);
      return [
        conclude(
          definitions.notRun,
          expect(!hasGuardedContent(refusal), `The server ran ${guardedTool.name}`),
          report(refusal),
        ),
        conclude(
          definitions.status,
          expect(refusal.status === 403, `Expected HTTP 403, got HTTP ${refusal.status}`),
          report(refusal),
        ),
        conclude(
          definitions.challenge,
          expect(isChallenge, `Got WWW-Authenticate: ${refusal.challenge}`),
          { ...report(refusal), expectedScope: guardedTool.scope },
        ),
        await checkMetadata(serverUrl, refusal.challenge),
        conclude(
          definitions.retried,
          expect(hasGuardedContent(retry), `Got HTTP ${retry.status} without the result`),
          report(retry),
        ),
        conclude(
          definitions.kept,
          expect(hasOpenContent(again), `Got HTTP ${again.status} without the result`),
          report(again),
        ),
        conclude(
          definitions.expired,
          expect(expired.status === 401, `Expected HTTP 401, got HTTP ${expired.status}`),
          report(expired),
        ),
      ];
    } finally {
      await issuer.close();
    }
  }
}

async function checkMetadata(
  serverUrl: string,
  challenge: string | null,
): Promise<ConformanceCheck> {
  const address = challengeParameter(challenge, 'resource_metadata');
  if (address === undefined || !URL.canParse(address)) {
    return conclude(definitions.metadata, 'The challenge names no resource_metadata', {
      challenge,
    });
  }
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  const isOurs = response.ok && text.includes(JSON.stringify(serverUrl));
  return conclude(
    definitions.metadata,
    isOurs ? undefined : `${address} does not name the resource ${serverUrl}`,
    { statusCode: response.status, body: text.slice(0, 500) },
  );
}
