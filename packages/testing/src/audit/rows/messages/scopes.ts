/** Whether a token that may read can write. Only the tool that the options name is called. */
import { fail, isRefused, leftOut, notOffered, pass } from '../../judge/judges.ts';
import { type RowEntry, type Severity, table } from '../../row.ts';
import { readChallenge } from '../../target/challenge.ts';
import type { Kit } from '../../target/kit.ts';
import { isServed } from '../../target/served.ts';
import { type Answer, fieldOf } from '../../wire/answer.ts';
import type { Fields } from '../../wire/request.ts';

const clause = 'RFC 6750 §3.1; MCP 2025-06-18 authorization';
type Claims = Readonly<Record<string, unknown>>;

/** Scopes of the read token, and all others. */
interface Scopes {
  readonly read: readonly string[];
  readonly writes: readonly string[];
}

/** The read token has what the option or the first challenge says. Its refusal names the write scopes. */
async function scopesOf(kit: Kit): Promise<Scopes | undefined> {
  const published = kit.metadata?.['scopes_supported'];
  const known = kit.settings.scopes ?? (Array.isArray(published) ? published.map(String) : []);
  const read =
    kit.settings.readScopes ?? kit.challenge?.parameters.get('scope')?.split(' ').filter(Boolean);
  if (read === undefined) return undefined;
  const refusal = await callTool(kit, { scope: read.join(' ') });
  const needed = readChallenge(fieldOf(refusal, 'www-authenticate'))?.parameters.get('scope');
  const all = new Set([...known, ...(needed?.split(' ') ?? [])]);
  return { read, writes: [...all].filter((scope) => !read.includes(scope)) };
}

function callMessage(kit: Kit): object {
  const { name = '', arguments: given = {} } = kit.settings.writeTool ?? {};
  return { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name, arguments: given } };
}

/** Opens a session, if the server has them. Then the call is sent in it. */
async function callTool(
  kit: Kit,
  claims: Claims,
  { body, fields = [] }: { readonly body?: unknown; readonly fields?: Fields } = {},
): Promise<Answer> {
  const authorization = `Bearer ${await kit.mint?.(claims)}`;
  const opened = await kit.send(kit.call({ authorization }));
  const session = fieldOf(opened, 'mcp-session-id');
  return kit.send(
    kit.call({
      authorization,
      body: JSON.stringify(body ?? callMessage(kit)),
      fields: [
        ...(session === undefined ? [] : ([['Mcp-Session-Id', session]] as const)),
        ...fields,
      ],
    }),
  );
}

type Judged = (answer: Answer, kit: Kit, scopes: Scopes) => ReturnType<typeof pass>;

const mustNotWrite: Judged = (answer, kit) => {
  if (isServed(answer)) return fail(`${answer.status}: the tool was called`);
  // An unknown tool, or arguments that the tool refuses, show that the check of scopes was passed.
  const verdict = isRefused(answer, kit);
  return verdict.outcome === 'fail' && answer.status < 300
    ? fail(`${answer.status}: the call reached the server, and failed there`, 'high')
    : verdict;
};

function tried(
  text: Omit<RowEntry, 'run' | 'clause' | 'requirement'> & { readonly requirement?: string },
  claims: (scopes: Scopes, kit: Kit) => Claims | undefined,
  options: {
    readonly judge?: Judged;
    readonly call?: (kit: Kit) => { readonly body?: unknown; readonly fields?: Fields };
  } = {},
): RowEntry {
  return {
    ...{ clause, requirement: 'ANS-04' },
    ...text,
    async run(kit) {
      const scopes = await scopesOf(kit);
      if (scopes === undefined) return leftOut('the server names no scopes: give readScopes');
      const given = claims(scopes, kit);
      if (given === undefined) return notOffered('the server names no scope of the write tool');
      const answer = await callTool(kit, given, options.call?.(kit));
      return (options.judge ?? mustNotWrite)(answer, kit, scopes);
    },
  };
}

const right = 'answers 403';
const text = (title: string, severity: Severity = 'critical') => ({ title, right, severity });
/** There is nothing to imitate if the server names no write scope. */
const onWrites =
  (make: (scopes: Scopes) => Claims) =>
  (scopes: Scopes): Claims | undefined =>
    scopes.writes.length === 0 ? undefined : make(scopes);
const joined = (scopes: readonly string[]) => scopes.join(' ');

/** Scopes. */
export const scopes: ReturnType<typeof table> = table(
  'scopes',
  ['mint', 'write-tool'],
  [
    tried(text('the write tool with a read token'), ({ read }) => ({ scope: joined(read) })),
    tried(text('the write tool with a token without scopes'), () => ({ scope: '' })),
    tried(text('the write tool with a token without the claim of scopes'), () => ({
      scope: undefined,
    })),
    tried(
      text('write scopes in capitals'),
      onWrites((all) => ({
        scope: joined([...all.read, ...all.writes.map((scope) => scope.toUpperCase())]),
      })),
    ),
    tried(
      text('scopes that begin like the write scopes'),
      onWrites((all) => ({
        scope: joined([...all.read, ...all.writes.map((scope) => `${scope}x`)]),
      })),
    ),
    tried(
      text('scopes that end like the write scopes'),
      onWrites((all) => ({
        scope: joined([...all.read, ...all.writes.map((scope) => `x${scope}`)]),
      })),
    ),
    tried(
      text('write scopes behind a tab'),
      onWrites((all) => ({
        scope: `${joined(all.read)} x\t${all.writes.join('\t')}`,
      })),
    ),
    tried(
      text('write scopes behind a comma'),
      onWrites((all) => ({
        scope: `${joined(all.read)} x,${all.writes.join(',')}`,
      })),
    ),
    tried(text('a star as scope'), ({ read }) => ({ scope: joined([...read, '*']) })),
    tried(
      text('write scopes in roles, permissions and groups', 'high'),
      onWrites((all) => ({
        ...{ scope: joined(all.read), roles: all.writes, permissions: all.writes },
        groups: all.writes,
      })),
    ),
    tried(
      { ...text('a batch that hides the write tool behind a ping'), requirement: 'MCP-03' },
      ({ read }) => ({ scope: joined(read) }),
      { call: (kit) => ({ body: [{ jsonrpc: '2.0', id: 1, method: 'ping' }, callMessage(kit)] }) },
    ),
    tried(
      { ...text('Mcp-Method: ping in front of the write tool'), requirement: 'MCP-02' },
      ({ read }) => ({ scope: joined(read) }),
      { call: () => ({ fields: [['Mcp-Method', 'ping']] }) },
    ),
    tried(
      {
        ...text('a member "constructor" with another method beside the write tool'),
        requirement: 'MCP-02',
      },
      ({ read }) => ({ scope: joined(read) }),
      { call: (kit) => ({ body: { ...callMessage(kit), constructor: { method: 'ping' } } }) },
    ),
    tried(
      {
        ...text('the refusal of the write tool', 'low'),
        right: 'answers 403 with error="insufficient_scope" and all scopes that are needed',
        looksAtForm: true,
      },
      ({ read }) => ({ scope: joined(read) }),
      {
        judge(answer, kit, all) {
          if (answer.status !== 403) return mustNotWrite(answer, kit, all);
          const found = readChallenge(fieldOf(answer, 'www-authenticate'))?.parameters;
          if (found?.get('error') !== 'insufficient_scope') return fail('no insufficient_scope');
          const needed = found.get('scope') ?? '';
          return all.writes.some((scope) => needed.split(' ').includes(scope))
            ? pass(`scope="${needed}"`)
            : fail(`scope="${needed}"`);
        },
      },
    ),
  ],
);
