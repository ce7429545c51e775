import { expect, it } from 'vitest';
import {
  createGuard,
  createScopePolicy,
  type GuardRequest,
  type UnexpectedFailureEvent,
} from '../../src/index.ts';

const token = 'zQ7vKp2Xw9Lm4RtYb8Nc.Hd6Js3Gf1Ua5Eo0Ti.Wy-Bx_Vk8Zq';

/** Sends one request whose verifier, or other part, throws. */
async function fail(
  error: unknown,
  part: 'verifier' | 'limiter' | 'audit' = 'verifier',
  proof?: GuardRequest['proof'],
) {
  const events: UnexpectedFailureEvent[] = [];
  const reject = (isAsked: boolean) => async () => {
    if (isAsked) throw error;
    return { allowed: true, retryAfterSeconds: 0 };
  };
  const guard = createGuard({
    verifier: { name: 'v', verify: reject(true) as never },
    rateLimiter: { peek: reject(part === 'limiter'), countFailure: reject(false) },
    audit: {
      emit() {
        if (part === 'audit') throw error;
      },
    },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/metadata',
    requiredScopes: [],
    onEvent: (event) => events.push(event),
  });
  const result = await guard.authenticate({
    authorization: [`Bearer ${token}`],
    tokenInQuery: false,
    clientKey: '203.0.113.7',
    signal: new AbortController().signal,
    proof,
  });
  return { result, events };
}

it('OPS-13: reports class, code, message and source of an unexpected error', async () => {
  const cause = Object.assign(new Error('inner'), { code: 'ECONNREFUSED' });
  const { result, events } = await fail(new TypeError('fetch failed', { cause }));
  expect(result).toMatchObject({ ok: false, refusal: { status: 503 } });
  expect(events).toEqual([
    {
      type: 'unexpected_failure',
      source: 'verifier',
      errorName: 'TypeError',
      errorCode: 'ECONNREFUSED',
      message: 'fetch failed',
    },
  ]);
});

it('OPS-13: reports the error also when the host cannot read the fields of the request', async () => {
  const field = () => {
    throw new Error('no such field');
  };
  const proof = { method: 'POST', url: 'https://mcp.example.com/mcp', field };
  const { events } = await fail(new Error('lost'), 'verifier', proof);

  expect(events).toMatchObject([{ source: 'verifier', message: 'lost' }]);
});

it('OPS-13: shows no piece of a proof of possession, and shows the names of schemes', async () => {
  const proofText = 'JkwPzQeLrTxMbVn';
  const field = (name: string) => (name === 'dpop' ? [proofText] : []);
  const proof = { method: 'POST', url: 'https://mcp.example.com/mcp', field };
  const { events } = await fail(new Error(`no bearer token: ${proofText}`), 'verifier', proof);

  expect(events).toMatchObject([{ message: 'no bearer token: [redacted]' }]);
});

it.each(['limiter', 'audit'] as const)('OPS-13: names the %s as the source', async (part) => {
  const { events } = await fail(new Error('lost'), part);
  expect(events.map(({ source }) => source)).toContain(part === 'limiter' ? 'rate_limiter' : part);
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

it.each<[string, string]>([
  ['whole', token],
  ['the start', token.slice(0, 9)],
  ['the middle', token.slice(13, 20)],
  ['in parts', `${token.slice(0, 12)} and ${token.slice(25, 40)}`],
  ['in lower case', token.toLowerCase()],
  ['percent-encoded', [...token].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')],
  ['in base64', base64(token)],
  ['in base64, shifted', base64(`x${token}`)],
  ['in base64, shifted twice', base64(`xy${token}`)],
  ['in base64url', Buffer.from(token).toString('base64url')],
  ['in hex', Buffer.from(token).toString('hex')],
  // Too short for the rule about long words.
  ['in a piece of base64', base64(token).slice(0, 16)],
  ['in a piece of base64, shifted', base64(`x${token}`).slice(4, 18)],
  ['in a piece of base64, shifted twice', base64(`xy${token}`).slice(4, 18)],
  ['in a piece of hex', Buffer.from(token).toString('hex').slice(0, 16)],
  ['across the cut', `${'a '.repeat(96)}${token}`],
])('OPS-13: shows no piece of a token that the error quotes %s', async (_name, quoted) => {
  const error = Object.assign(new Error(`cannot read ${quoted}`), { name: token, code: token });
  const { events } = await fail(error);
  const shown = JSON.stringify(events);
  expect(shown).toContain('cannot read');
  for (let start = 0; start + 6 <= quoted.length; start += 1) {
    const piece = quoted.slice(start, start + 6);
    if (!/^(?:a )+a?$| a a a| and|nd /.test(piece)) expect(shown).not.toContain(piece);
  }
});

it.each<[string, unknown, object]>([
  [
    'a name with spaces',
    Object.assign(new Error('x'), { name: 'a b' }),
    { errorName: 'Error', message: 'x' },
  ],
  [
    'a name and a code that are pieces of the token',
    Object.assign(new Error('x'), { name: token.slice(0, 12), code: token.slice(0, 12) }),
    { errorName: 'Error' },
  ],
  ['a code with a space at its end', Object.assign(new Error('x'), { code: 'E ' }), {}],
  ['a code of 41 characters', Object.assign(new Error('x'), { code: 'E'.repeat(41) }), {}],
  ['a code that starts with a digit', Object.assign(new Error('x'), { code: '1E' }), {}],
  ['no message', { name: 'Odd' }, { errorName: 'Odd', message: 'no message' }],
  ['null', null, { errorName: 'object', message: 'no message' }],
  ['one percent sign', new Error('a %41 b'), { message: 'a %41 b' }],
  ['percent-encoded text', new Error('a %41%42 b'), { message: 'a [redacted] b' }],
  ['a long word', new Error('a bcdefghijklmnopqrstuvw d'), { message: /bcdefghijklmnopqrstuvw/ }],
  [
    'a long word with a digit',
    new Error('a bcdefghijklmnopqr5tuvw d'),
    { message: 'a [redacted] d' },
  ],
  ['an accent', new Error('caf\u00e9 x'), { message: 'caf  x' }],
  ['a long text', new Error('x y '.repeat(60)), { message: 'x y '.repeat(50) }],
])('OPS-13: describes %s', async (_name, error, expected) => {
  const [event] = (await fail(error)).events;
  const { message, ...others } = expected as { message?: string | RegExp };

  expect(event).toMatchObject(others);
  expect(event).not.toHaveProperty('errorCode');
  if (message !== undefined) expect(event?.message).toMatch(message);
  if (typeof message === 'string') expect(event?.message).toBe(message);
});

it('OPS-13: survives an error that cannot be read, and a listener that throws', async () => {
  const hostile = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('no');
    },
  });
  const { result } = await fail(hostile);
  expect(result).toMatchObject({ refusal: { status: 503 } });
  expect((await fail(undefined)).events[0]?.errorName).toBe('undefined');
});
