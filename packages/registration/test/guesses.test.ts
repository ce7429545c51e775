/** Guesses and refused registrations: what they cost their address, and nobody else. */
import { general } from '@sallyport/registration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { development, signInWith, startRecorder } from './in-process.ts';
import { sealingKey } from './served.ts';

const common = { clientId: 'the-mcp-server', sealingKey };

/** A sign-in whose requests name their address, at a provider that records what it is asked. */
async function startAtRecorder(changes: object = {}, now?: () => number) {
  const recorder = await startRecorder();
  onTestFinished(recorder.stop);
  const { origin } = recorder;
  const [authorizationEndpoint, tokenEndpoint] = [`${origin}/authorize`, `${origin}/token`];
  const signIn = general({
    ...common,
    issuer: origin,
    authorizationEndpoint,
    tokenEndpoint,
    ...(now && { now }),
  });
  const here = await signInWith(signIn, development, { trustedProxyHops: 1, ...changes });
  onTestFinished(here.gated.close);
  const { grant } = await here.signInFor('notes:read');
  async function askToken(address: string, form: Record<string, string>) {
    const headers = { 'X-Forwarded-For': address };
    const response = await here.ask('/token', here.form(form, headers));
    const { error } = (await response.json()) as { error?: string };
    return { status: response.status, error, retry: response.headers.get('Retry-After') };
  }
  async function register(address: string, redirectUri: string) {
    const response = await here.ask('/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
      body: JSON.stringify({ redirect_uris: [redirectUri] }),
    });
    return response.status;
  }
  return { ...here, recorder, grant, askToken, register };
}

describe('REG-29: guesses', () => {
  const address = '192.0.2.1';
  const limited = { status: 429, error: 'temporarily_unavailable', retry: expect.any(String) };

  it.each([
    ['codes', { grant_type: 'authorization_code', code: 'x', code_verifier: 'a'.repeat(43) }, 400],
    ['refresh tokens', { refresh_token: 'a..b.c.d' }, 400],
    ['client ids', { client_id: 'the-mcp-server' }, 401],
  ])(
    'of %s are answered with 429 after ten, and stop no good token',
    async (_name, guess, first) => {
      const { askToken, grant, recorder } = await startAtRecorder();
      const { length } = recorder.requests;
      for (let count = 0; count < 10; count += 1) {
        expect((await askToken(address, { ...grant, ...guess })).status).toBe(first);
      }
      expect(await askToken(address, { ...grant, ...guess })).toMatchObject(limited);
      expect(recorder.requests).toHaveLength(length);
      // Somebody else behind the same address, and a guess from another one.
      expect((await askToken(address, grant)).status).toBe(200);
      expect((await askToken('192.0.2.2', { ...grant, ...guess })).status).toBe(first);
    },
  );

  it('RL-03: of one IPv6 network count together', async () => {
    const { askToken, grant } = await startAtRecorder();
    const guess = { ...grant, refresh_token: 'x' };
    const statuses: number[] = [];
    for (let count = 0; count < 161; count += 1) {
      statuses.push((await askToken(`2001:db8:1:${count}::1`, guess)).status);
    }
    expect(statuses.indexOf(429)).toBe(160);
  });

  it('share the limit of the gate, which still lets good tokens in', async () => {
    const counted: string[] = [];
    const allowed = { allowed: true, retryAfterSeconds: 0 };
    const { askToken, grant, register } = await startAtRecorder({
      rateLimiter: {
        peek: async () => allowed,
        async countFailure(key: string) {
          counted.push(key);
          return allowed;
        },
      },
    });
    await askToken(address, { ...grant, refresh_token: 'x' });
    await register(address, 'https://evil.example/callback');
    // What is missing, and what is good.
    await askToken(address, { ...grant, client_id: '' });
    await askToken(address, { ...grant, refresh_token: '' });
    await askToken(address, grant);
    await register(address, 'http://127.0.0.1/callback');

    expect(counted).toEqual([address, address]);
  });

  it('RL-16: a client whose values have expired did not guess', async () => {
    let clock = 0;
    const { askToken, grant } = await startAtRecorder({}, () => Date.now() + clock);
    clock = 91 * 86_400_000;
    for (let count = 0; count < 12; count += 1) {
      expect(await askToken(address, grant)).toMatchObject({ status: 400, error: 'invalid_grant' });
    }
    clock = 366 * 86_400_000;
    for (let count = 0; count < 12; count += 1) {
      expect((await askToken(address, grant)).status).toBe(401);
    }
  });

  it('stops registrations that are refused, and none that is good', async () => {
    const { register } = await startAtRecorder();
    const statuses: number[] = [];
    for (let count = 0; count < 11; count += 1) {
      statuses.push(await register(address, 'https://evil.example/callback'));
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
    for (let count = 0; count < 20; count += 1) {
      expect(await register(address, 'http://127.0.0.1/callback')).toBe(201);
    }
  });

  it('a token that the provider has ended asks it ten times, from whatever address, and nobody is limited', async () => {
    const { askToken, grant, recorder } = await startAtRecorder();
    const { length } = recorder.requests;
    recorder.refuse();
    for (let count = 0; count < 15; count += 1) {
      const answer = await askToken(`192.0.2.${count}`, grant);
      expect(answer).toMatchObject({ status: 400, error: 'invalid_grant' });
    }
    expect(recorder.requests).toHaveLength(length + 10);
  });

  it('RL-10: a limiter that fails changes no answer', async () => {
    const fail = async () => {
      throw new Error('the limiter is down');
    };
    const { askToken, grant } = await startAtRecorder({
      rateLimiter: { peek: fail, countFailure: fail },
    });
    expect((await askToken(address, grant)).status).toBe(200);
    expect((await askToken(address, { ...grant, refresh_token: 'x' })).status).toBe(400);
  });

  it.each([
    ['one address', () => address],
    ['one IPv6 network', (count: number) => `2001:db8:1:${count}::1`],
  ])('%s cannot take all places at a slow provider', async (_name, addressOf) => {
    const { askToken, grant, recorder } = await startAtRecorder();
    const { length } = recorder.requests;
    let release = () => {};
    recorder.delayUntil(
      new Promise<void>((resolve) => {
        release = resolve;
      }),
    );
    const statuses: number[] = [];
    const waiting = Array.from({ length: 33 }, async (_each, count) => {
      statuses.push((await askToken(addressOf(count), grant)).status);
    });
    await expect.poll(() => recorder.requests.length).toBe(length + 32);
    await expect.poll(() => statuses).toEqual([503]);
    const other = askToken('192.0.2.2', grant);
    await expect.poll(() => recorder.requests.length).toBe(length + 33);
    release();
    await Promise.all(waiting);
    expect((await other).status).toBe(200);
  });
});
