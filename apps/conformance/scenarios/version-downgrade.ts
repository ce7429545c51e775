import {
  defaultAuthorizationServerPort,
  type MockAuthorizationServer,
  startMockAuthorizationServer,
} from './mock-authorization-server.ts';
import {
  callMessage,
  firstMessage,
  guardedTool,
  hasGuardedContent,
  hasOpenContent,
  openTool,
  type ProbeAnswer,
  report,
  send,
  sendInSession,
} from './probe.ts';
import {
  type CheckDefinition,
  type ClientScenario,
  type ConformanceCheck,
  conclude,
  type RunContext,
  type SpecVersion,
  statefulVersions,
  statelessVersion,
  untestable,
} from './suite.ts';

const site = 'https://modelcontextprotocol.io/specification';
const privileges = {
  id: 'MCP-Auth-Access-Token-Privilege-Restriction',
  url: `${site}/2025-11-25/basic/authorization#access-token-privilege-restriction`,
};
const versionHeader = {
  id: 'MCP-Transport-Protocol-Version-Header',
  url: `${site}/2025-11-25/basic/transports#protocol-version-header`,
};
const mirroredHeaders = {
  id: 'MCP-Transport-Header-Validation',
  url: `${site}/2026-07-28/basic/transports#header-validation`,
};

function must(
  id: string,
  name: string,
  description: string,
  reference = privileges,
): CheckDefinition {
  return { id, name, description, severity: 'FAILURE', specReferences: [reference] };
}

const definitions = {
  token: must(
    'auth-downgrade-token-required',
    'TokenRequiredInEveryVersion',
    'Server asks for a token whatever MCP-Protocol-Version says, also if it is absent or unknown',
  ),
  audience: must(
    'auth-downgrade-audience-validated',
    'AudienceValidatedInEveryVersion',
    'Server rejects a token for another server whatever MCP-Protocol-Version says',
  ),
  scope: must(
    'auth-downgrade-scope-enforced',
    'ScopeEnforcedInEveryVersion',
    'Server does not run a tool without its scope, whatever MCP-Protocol-Version says',
  ),
  batch: must(
    'auth-downgrade-batch-scope-enforced',
    'ScopeEnforcedInBatch',
    'Server does not run a tool without its scope as a member of a batch (2025-03-26)',
  ),
  unknown: must(
    'auth-downgrade-unknown-version-rejected',
    'UnknownVersionRejected',
    'Server rejects an unsupported MCP-Protocol-Version with HTTP 400',
    versionHeader,
  ),
  name: must(
    'auth-downgrade-mirrored-name-rejected',
    'MirroredNameRejected',
    'Server does not decide by Mcp-Name when the body calls another tool',
    mirroredHeaders,
  ),
} as const;

const unknownVersion = '1999-01-01';
/** A value of MCP-Protocol-Version. `undefined`: the field is absent, which means 2025-03-26. */
const labels: readonly (string | undefined)[] = [
  ...[...statefulVersions, statelessVersion],
  ...[undefined, unknownVersion],
];

/**
 * Tests that a client cannot get around authorization by naming another revision of the protocol.
 *
 * The server must be set up as for {@link TokenAudienceScenario}. `test_simple_text` needs the scope
 * `mcp:conformance:text`, and `test_image_content` needs `mcp:conformance:image`.
 */
export class VersionDowngradeScenario implements ClientScenario {
  name = 'auth-version-downgrade';
  source = { introducedIn: '2025-06-18' } as const;
  description = 'Server enforces authorization in the same way for every revision a request names.';
  readonly #port: number;

  constructor(port: number = defaultAuthorizationServerPort) {
    this.#port = port;
  }

  async run(context: RunContext): Promise<ConformanceCheck[]> {
    const issuer = await startMockAuthorizationServer(this.#port);
    try {
      const token = await issuer.issueToken(context.serverUrl, openTool.scope);
      const control = await sendInSession(
        context,
        callMessage(openTool.name, context.specVersion),
        context.specVersion,
        { token },
      );
      if (!hasOpenContent(control)) {
        const reason = `the server does not run ${openTool.name} with a valid token (HTTP ${control.status})`;
        return Object.values(definitions).map((each) => untestable(each, reason));
      }
      return await tryAll(context, issuer, token);
    } finally {
      await issuer.close();
    }
  }
}

async function tryAll(
  context: RunContext,
  issuer: MockAuthorizationServer,
  token: string,
): Promise<ConformanceCheck[]> {
  const foreign = await issuer.issueToken('https://other.example.com/mcp', openTool.scope);
  const tried = async (
    definition: CheckDefinition,
    sendWith: (label: string | undefined) => Promise<ProbeAnswer>,
    isRight: (answer: ProbeAnswer, label: string | undefined) => boolean,
  ) => {
    const answers: [string, ProbeAnswer, boolean][] = [];
    for (const label of labels) {
      const answer = await sendWith(label);
      answers.push([label ?? 'absent', answer, isRight(answer, label)]);
    }
    const wrong = answers.filter(([, , right]) => !right);
    const problem = wrong.map(([label, { status }]) => `${label}: HTTP ${status}`).join(', ');
    const details = { answers: answers.map(([label, answer]) => ({ label, ...report(answer) })) };
    return conclude(definition, problem === '' ? undefined : problem, details);
  };
  const versionOf = (label: string | undefined): SpecVersion =>
    label === statelessVersion ? statelessVersion : context.specVersion;
  const first = (given: string | undefined) => (label: string | undefined) =>
    send(context, firstMessage(versionOf(label)), versionOf(label), {
      token: given,
      fields: { 'MCP-Protocol-Version': label },
    });
  // A server may look at the version before it looks at the token.
  const isRefused = ({ status }: ProbeAnswer, label: string | undefined) =>
    status === 401 || (label === unknownVersion && status === 400);
  const guarded = callMessage(guardedTool.name, context.specVersion);
  const call = (body: object, fields: Readonly<Record<string, string | undefined>>) =>
    sendInSession(context, body, context.specVersion, { token, fields });

  const unknown = await call(callMessage(openTool.name, context.specVersion), {
    'MCP-Protocol-Version': unknownVersion,
  });
  const open = callMessage(openTool.name, context.specVersion);
  const batch = await call([open, guarded], {
    ...{ 'MCP-Protocol-Version': '2025-03-26', 'Mcp-Method': undefined, 'Mcp-Name': undefined },
  });
  const mirrored = await call(guarded, { 'Mcp-Name': openTool.name });
  return [
    await tried(definitions.token, first(undefined), isRefused),
    await tried(definitions.audience, first(foreign), isRefused),
    await tried(
      definitions.scope,
      (label) => call(guarded, { 'MCP-Protocol-Version': label }),
      (answer) => !hasGuardedContent(answer),
    ),
    conclude(
      definitions.unknown,
      unknown.status === 400 ? undefined : `Expected HTTP 400, got HTTP ${unknown.status}`,
      report(unknown),
    ),
    ...[[definitions.batch, batch] as const, [definitions.name, mirrored] as const].map(
      ([definition, answer]) =>
        conclude(
          definition,
          hasGuardedContent(answer) ? `The server ran ${guardedTool.name}` : undefined,
          report(answer),
        ),
    ),
  ];
}
