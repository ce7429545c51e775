/** Sessions of strangers (MCP security best practices, session hijacking). */
import { fail, isHandled, isRefused, notOffered, pass, refusedWith } from '../../judge/judges.ts';
import { type RowEntry, table, type Verdict } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { fieldOf } from '../../wire/answer.ts';

const clause = 'MCP security best practices, session hijacking';
const ping = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'ping' });

const inSession = (session: string) => [['Mcp-Session-Id', session]] as const;

/** Opens a session with the good token, tries, and ends the session. */
async function withSession(
  kit: Kit,
  attempt: (session: string) => Promise<Verdict>,
): Promise<Verdict> {
  const session = fieldOf(await kit.send(kit.call()), 'mcp-session-id');
  if (session === undefined) return notOffered('the server has no sessions');
  try {
    return await attempt(session);
  } finally {
    await kit.send(end(kit, session));
  }
}

function end(kit: Kit, session: string, authorization?: string | null) {
  return kit.call({
    ...{ method: 'DELETE', fields: inSession(session), omit: ['Content-Type'] },
    ...(authorization !== undefined && { authorization }),
  });
}

const stranger = async (kit: Kit) =>
  `Bearer ${await kit.mint?.({ sub: 'audit-stranger', client_id: 'audit-stranger' })}`;

const guesses: readonly (readonly [title: string, session: string])[] = [
  ['that the server does not know', '00000000-0000-4000-8000-000000000000'],
  ['of 6,000 characters', 'a'.repeat(6_000)],
  ['that is a path', '../../../../etc/passwd'],
  ['__proto__', '__proto__'],
  ['with bytes beyond ASCII', 'audit\u00e9'],
];

/** Sessions. */
export const sessions: ReturnType<typeof table> = table(
  'sessions',
  ['access'],
  [
    ...guesses.map(
      ([title, session]): RowEntry => ({
        title: `a ping in a session ${title}`,
        ...{ requirement: 'CASE-21', clause: 'MCP 2025-06-18 transports, Session Management' },
        ...{ severity: 'medium', right: 'answers 404 or 400, or ignores the field; never fails' },
        request: (kit) => kit.call({ body: ping, fields: inSession(session) }),
        judge: isHandled,
      }),
    ),
    {
      title: '`initialize` with a session id of yesterday',
      ...{ requirement: 'MCP-16', clause: 'MCP 2025-06-18 transports, Session Management' },
      ...{ severity: 'low', right: 'serves it, or answers 404: the client then starts anew' },
      request: (kit) => kit.call({ fields: inSession('00000000-0000-4000-8000-000000000000') }),
      judge: (answer, kit) =>
        answer.status === 404 || answer.status === 400
          ? pass(`${answer.status}`)
          : isHandled(answer, kit),
    },
    {
      title: 'a good session id without a token',
      ...{ requirement: 'MCP-04', clause, severity: 'critical', needs: ['token'] },
      right: 'answers 401',
      run: (kit) =>
        withSession(kit, async (session) =>
          refusedWith(401)(
            await kit.send(
              kit.call({ authorization: null, body: ping, fields: inSession(session) }),
            ),
            kit,
          ),
        ),
    },
    {
      title: 'the end of a session without a token',
      ...{ requirement: 'MCP-04', clause, severity: 'critical', needs: ['token'] },
      right: 'answers 401',
      run: (kit) =>
        withSession(kit, async (session) =>
          refusedWith(401)(await kit.send(end(kit, session, null)), kit),
        ),
    },
    {
      title: 'the session of somebody else',
      ...{ requirement: 'MCP-04', clause, severity: 'critical', needs: ['token', 'mint'] },
      right: 'answers 404 or 403',
      run: (kit) =>
        withSession(kit, async (session) => {
          const authorization = await stranger(kit);
          const answer = await kit.send(
            kit.call({ authorization, body: ping, fields: inSession(session) }),
          );
          return isRefused(answer, kit);
        }),
    },
    {
      title: 'the end of the session of somebody else',
      ...{ requirement: 'MCP-04', clause, severity: 'critical', needs: ['token', 'mint'] },
      right: 'answers 404 or 403',
      run: (kit) =>
        withSession(kit, async (session) =>
          isRefused(await kit.send(end(kit, session, await stranger(kit))), kit),
        ),
    },
    {
      title: 'the stream of somebody else’s session',
      ...{ requirement: 'MCP-04', clause, severity: 'critical', needs: ['token', 'mint'] },
      right: 'answers 404 or 403',
      run: (kit) =>
        withSession(kit, async (session) => {
          const answer = await kit.send({
            ...kit.call({
              ...{ authorization: await stranger(kit), method: 'GET', omit: ['Content-Type'] },
              fields: inSession(session),
            }),
            timeoutMs: 1_500,
          });
          return answer.status >= 200 && answer.status < 300
            ? fail(`${answer.status}: the stream is open`)
            : pass(`${answer.status || answer.end}`);
        }),
    },
    {
      title: 'a session after its end',
      ...{ requirement: 'MCP-04', clause: 'MCP 2025-06-18 transports, Session Management' },
      ...{ severity: 'medium', right: 'answers 404' },
      run: (kit) =>
        withSession(kit, async (session) => {
          const ended = await kit.send(end(kit, session));
          if (ended.status >= 400)
            return notOffered('the server does not let clients end sessions');
          return isRefused(
            await kit.send(kit.call({ body: ping, fields: inSession(session) })),
            kit,
          );
        }),
    },
    {
      title: 'three session ids',
      ...{ requirement: 'MCP-05', clause, severity: 'high' },
      right: 'are different, visible ASCII, and have at least 128 bits',
      run: (kit) =>
        withSession(kit, async (first) => {
          const found = [first];
          for (let index = 0; index < 2; index += 1) {
            const session = fieldOf(await kit.send(kit.call()), 'mcp-session-id') ?? '';
            found.push(session);
            await kit.send(end(kit, session));
          }
          if (new Set(found).size < found.length) return fail('an id came twice');
          if (found.some((each) => !/^[\x21-\x7e]+$/.test(each))) return fail('not visible ASCII');
          const shortest = Math.min(...found.map((each) => each.length));
          return shortest < 22 ? fail(`${shortest} characters`) : pass(`${shortest} characters`);
        }),
    },
  ],
);
