/** The callers: what each sends, and which answers are right. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AuthorizationServer } from '@sallyport/testing';
import { resource, type Target } from './targets.ts';

/** One request, as it is written to the connection. */
export interface Message {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the body of a 200 must contain. It shows that a caller does not get the answer of another. */
  readonly includes?: string;
}

/** A kind of caller. */
export interface Caller {
  readonly name: string;
  /** Statuses, or `cut`: the server closed the connection. */
  readonly right: readonly string[];
  /** Only these targets. Default: all. */
  readonly only?: Target['kind'];
  message(target: Target): Message;
}

export const validName = 'valid token';
const people = Array.from({ length: 50 }, (_, index) => `person-${index}`);
const wrong = ['401', '429'];
const giantBytes = 2 * 1_024 * 1_024;

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
/** The networks of RFC 5737, so that valid callers and floods have different addresses. */
const addressIn = (network: string): string => `${network}.${Math.floor(Math.random() * 254) + 1}`;

function call(target: Target, token: string | undefined, address: string): Message {
  const isProxy = target.kind === 'proxy';
  const own = { name: isProxy ? 'hello' : 'whoami', arguments: {} };
  const rpc = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: own };
  return {
    path: isProxy ? '/mcp' : '/tools/call',
    headers: {
      Host: new URL(resource).host,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'X-Forwarded-For': address,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(isProxy ? rpc : own),
  };
}

/** Valid tokens of many people. Now and then one that no server has seen comes among them. */
export async function createValidCaller(server: AuthorizationServer): Promise<Caller> {
  const mint = (person: string) => server.mintToken({ sub: person, jti: randomUUID() });
  const known = await Promise.all(
    people.map(async (person) => [person, await mint(person)] as [string, string]),
  );
  async function renew(): Promise<void> {
    const person = pick(people);
    known[people.indexOf(person)] = [person, await mint(person)];
  }
  return {
    name: validName,
    right: ['200'],
    message(target) {
      const [person, token] = pick(known);
      if (Math.random() < 0.05) void renew();
      // Some of them share the address of the floods.
      const address = addressIn(Math.random() < 0.1 ? '203.0.113' : '198.51.100');
      const includes = target.kind === 'proxy' ? 'Hello, World!' : `\\"${person}\\"`;
      return { ...call(target, token, address), includes };
    },
  };
}

/** Floods of each kind that are requests. */
export async function createFloods(server: AuthorizationServer): Promise<readonly Caller[]> {
  const mint = (claims: object, header?: Readonly<Record<string, unknown>>) =>
    server.mintToken({ sub: 'mallory', ...claims }, header);
  const [own, stranger, expired, elsewhere] = await Promise.all([
    mint({}),
    mint({}, { kid: 'unknown' }),
    mint({
      iat: Math.floor(Date.now() / 1_000) - 7_200,
      exp: Math.floor(Date.now() / 1_000) - 3_600,
    }),
    mint({ aud: 'https://other.example.com/mcp' }),
  ]);
  const flood = (
    name: string,
    right: readonly string[],
    change: (target: Target) => string | undefined | Partial<Message>,
  ): Caller => ({
    name,
    right,
    message(target) {
      const changed = change(target);
      const token = typeof changed === 'object' ? own : changed;
      const base = call(target, token, addressIn('203.0.113'));
      if (typeof changed !== 'object') return base;
      return { ...base, ...changed, headers: { ...base.headers, ...changed.headers } };
    },
  });
  const withOtherSignature = (token: string) =>
    `${token.slice(0, token.lastIndexOf('.') + 1)}${randomBytes(256).toString('base64url')}`;
  return [
    flood('bad signature', wrong, () => withOtherSignature(own)),
    flood('unknown key id', [...wrong, '503'], () => stranger),
    flood('expired token', wrong, () => expired),
    flood('token of another server', wrong, () => elsewhere),
    flood('garbage for a token', wrong, () => randomBytes(200).toString('base64url')),
    flood('no token', wrong, () => undefined),
    flood('token of 12 kB', wrong, () => 'A'.repeat(12_000)),
    flood('header field of 32 kB', ['431'], () => 'A'.repeat(32_000)),
    flood('body of 2 MiB with a valid token', ['413', 'cut'], () => ({
      body: `{"name":"whoami","arguments":{"text":"${'x'.repeat(giantBytes)}"}}`,
    })),
    {
      ...flood('session of a stranger', ['200', '404'], () => ({
        headers: { 'Mcp-Session-Id': `${randomUUID()}.${randomBytes(16).toString('base64url')}` },
      })),
      only: 'proxy',
    },
  ];
}
