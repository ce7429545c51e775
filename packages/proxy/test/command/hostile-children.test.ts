import { describe, expect, it, onTestFinished } from 'vitest';
import {
  begin,
  call,
  initialize,
  isAlive,
  type Running,
  readAnswer,
  start,
  textOf,
} from './set-up.ts';

const typesOf = ({ events }: { events: readonly { type: string }[] }) =>
  events.map(({ type }) => type);

describe('a child process', () => {
  it.each([
    ['exits at once', { flags: ['exit-at-once'] }, 'exited'],
    [
      'never answers initialize',
      { flags: ['never-initialize', 'stay'], startTimeoutSeconds: 1 },
      'start_timeout',
    ],
  ])('MCP-21: that %s is answered with 503', async (_name, options, reason) => {
    const running = await start(options);

    const answer = await running.post(initialize());

    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await expect
      .poll(() => running.events)
      .toContainEqual(expect.objectContaining({ type: 'child_failed', reason }));
  });

  it.each([
    ['does not exist', { command: 'no-such-command-anywhere' }, 'ENOENT'],
    ['is no program', { command: import.meta.filename }, 'EACCES'],
    ['is in no directory', { directory: '/no-such-directory' }, 'ENOENT'],
  ])('whose command %s is answered with 503', async (_name, options, status) => {
    const running = await start(options);

    expect((await running.post(initialize())).status).toBe(503);
    await expect
      .poll(() => running.events)
      .toContainEqual(
        expect.objectContaining({ type: 'child_failed', reason: 'not_started', status }),
      );
    expect(await running.upstream.health()).toMatchObject({ isAvailable: false });
  });

  it('whose command line is longer than the system takes is answered with 503', async () => {
    const running = await start({ args: ['x'.repeat(4_000_000)] });

    expect((await running.post(initialize())).status).toBe(503);
    const failed = { type: 'child_failed', reason: 'not_started', status: 'E2BIG' };
    expect(running.events).toEqual([expect.objectContaining(failed)]);
  });

  it('MCP-21: that keeps failing is started less and less often, and others are not delayed', async () => {
    // The delay lasts while the clock stands still.
    const running = await start({ monotonicNow: () => 0 });
    for (const _ of [1, 2]) {
      const { session } = await begin(running);
      const dying = await running.post(call('exit'), { session });
      expect(dying.status).toBe(503);
      expect((await running.post(call('recall'), { session })).status).toBe(404);
    }

    const delayed = await running.post(initialize());
    expect(delayed.status).toBe(503);
    expect(Number(delayed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await running.post(initialize(), { caller: 'bob' })).status).toBe(200);
  });

  it.each([
    ['too long', 'longJunk', { bytes: 300_000 }, 'line_too_long'],
    ['no JSON', 'junk', { lines: 2_000 }, 'not_json'],
  ])(
    'MCP-21: whose lines are %s goes on, and its log has one line about it',
    async (_name, tool, given, reason) => {
      const running = await start({ maximumMessageBytes: 65_536 });
      const { use } = await begin(running);

      expect(await use(tool, given)).toBe('done');
      expect(await use(tool, given)).toBe('done');

      const ignored = running.events.filter((event) => event['reason'] === reason);
      expect(ignored).toHaveLength(1);
    },
  );

  it('MCP-21: whose answer is too long costs that request alone', async () => {
    const running = await start({ maximumMessageBytes: 65_536 });
    const { session, use } = await begin(running);
    const other = running.post(call('hold', {}, 2), { session });
    await expect.poll(() => use('unanswered')).toBe('1');

    const answer = await running.post(call('long', { bytes: 300_000 }), { session });

    expect(answer.status).toBe(503);
    await use('release');
    expect(textOf(await readAnswer(await other))).toBe('held');
    expect(await use('long', { bytes: 60_000 })).toHaveLength(60_000);
  });

  it('MCP-21: whose line is too long to say what it answers costs all requests, unless it answers none', async () => {
    const running = await start({ maximumMessageBytes: 65_536 });
    const { session, use } = await begin(running);
    const long = (start: string, end: string) => ({ bytes: 300_000, start, end });
    const notification = long('{"jsonrpc":"2.0","method":"notifications/message","x":"', '"}');
    expect(await use('longJunk', notification)).toBe('done');
    const other = running.post(call('silent', {}, 2), { session });
    await expect.poll(() => use('unanswered')).toBe('1');

    const answer = long('{"result":{"x":"', '"},"id":null,"more":1}');
    const failed = await running.post(call('longJunk', answer), { session });

    for (const response of [failed, await other]) {
      expect([response.status, await response.text()]).toEqual([
        503,
        expect.stringContaining('too large'),
      ]);
    }
    expect(await use('echo', { text: 'a' })).toBe('a');
  });

  it('MCP-21: that owes 1,000 answers is asked no more', async () => {
    const running = await start();
    const { session } = await begin(running);
    const batch = Array.from({ length: 100 }, (_none, id) => call('silent', {}, id));
    const waiting = Array.from({ length: 10 }, () => running.post(batch, { session }));
    const ask = async () => (await running.post(call('pid', {}, 'p'), { session })).text();

    await expect.poll(ask).toContain('is busy');
    await running.upstream.close();
    for (const answer of await Promise.all(waiting)) expect(await answer.json()).toHaveLength(100);
  });

  it('MCP-21: that writes without end delays nobody else, and ends with its session', async () => {
    const running = await start();
    const loud = await begin(running);
    const quiet = await begin(running, 'bob');
    const processId = await loud.use('pid');
    expect(await loud.use('flood')).toBe('flooding');

    const texts = await Promise.all(
      Array.from({ length: 50 }, () => quiet.use('echo', { text: 'a' })),
    );

    expect(new Set(texts)).toEqual(new Set(['a']));
    await running.post(undefined, { method: 'DELETE', session: loud.session });
    await expect.poll(() => isAlive(processId)).toBe(false);
  });

  it('MCP-21: that does not read is refused more, and delays nobody else', async () => {
    const running = await start({ requestTimeoutSeconds: 3 });
    const { session, use } = await begin(running);
    await use('stopReading');
    const text = 'x'.repeat(1_000_000);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, id) => running.post(call('echo', { text }, id), { session })),
    );

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    const errors = await Promise.all(answers.map((answer) => answer.text()));
    expect(errors.filter((error) => error.includes('is busy')).length).toBeGreaterThan(0);
    const other = await begin(running, 'bob');
    expect(await other.use('echo', { text: 'a' })).toBe('a');
  });

  it('that never answers a request, or not validly, is answered for', async () => {
    const running = await start({ requestTimeoutSeconds: 3 });
    const { session, use } = await begin(running);

    expect((await running.post(call('silent'), { session })).status).toBe(503);
    expect(await use('invalid')).toContain('invalid answer');
  });

  it('MCP-21: leaves nothing behind that ignores SIGTERM, grandchildren included', async () => {
    const running = await start({ flags: ['ignore-sigterm', 'stay', 'grandchild'] });
    const { use } = await begin(running);
    const processes = [await use('pid'), await use('recall')];
    expect(processes.map(isAlive)).toEqual([true, true]);

    await running.upstream.close();

    await expect.poll(() => processes.map(isAlive)).toEqual([false, false]);
  });

  it('MCP-21: that dies leaves no grandchild behind', async () => {
    const running = await start({ flags: ['grandchild'] });
    const { session, use } = await begin(running);
    const grandchild = await use('recall');
    await running.post(call('exit'), { session });

    await expect.poll(() => isAlive(grandchild)).toBe(false);
  });

  it('MCP-21: that dies has ended, though a process that left its group holds its output open', async () => {
    const script = `const { spawn } = require('node:child_process');
      const stdio = ['ignore', 'inherit', 'inherit'];
      const args = ['-e', 'setTimeout(() => {}, 60_000)'];
      process.stderr.write(spawn(process.execPath, args, { detached: true, stdio }).pid + '\\n');
      process.exit(4);`;
    const running = await start({ args: ['-e', script] });
    onTestFinished(() => {
      for (const { type, line } of running.events) {
        if (type === 'child_stderr') process.kill(Number(line), 'SIGKILL');
      }
    });
    const ofType = (wanted: string) => running.events.filter(({ type }) => type === wanted);

    expect((await running.post(initialize())).status).toBe(503);

    expect(isAlive(`${ofType('child_stderr')[0]?.['line']}`)).toBe(true);
    await running.post(initialize(), { caller: 'bob' });
    expect(ofType('child_failed')).toMatchObject([{ status: '4' }, { status: '4' }]);
  });

  it('MCP-21: does not get the variables of the gate', async () => {
    const running = await start({
      environment: { ...process.env, FASTMCP_SERVER_AUTH_X: 'a', OTHER: 'b', NAMED: 'named-value' },
      variables: ['NAMED'],
    });
    const { use } = await begin(running);

    const variables = JSON.parse(await use('variables'));

    expect(variables).toMatchObject({ NAMED: 'named-value', PATH: process.env['PATH'] });
    expect(variables).not.toHaveProperty('OTHER');
    expect(variables).not.toHaveProperty('FASTMCP_SERVER_AUTH_X');
  });

  it('OPS-05: has its standard error logged without what looks like a secret', async () => {
    const running = await start({
      environment: { ...process.env, API: 'plain words' },
      variables: ['API'],
    });
    const { use } = await begin(running);

    await use('complain', { text: 'Bearer no-real-credential and plain words remain' });

    await expect.poll(() => typesOf(running)).toContain('child_stderr');
    const logged = running.events.find(({ type }) => type === 'child_stderr');
    expect(logged).toMatchObject({ line: 'Bearer [redacted] and [redacted] remain' });
  });

  it('MCP-21: that takes too much memory is ended, and no other', async () => {
    const running = await start({ maximumMemoryMegabytes: 256 });
    const { session, use } = await begin(running);
    const small = await begin(running, 'bob');
    const processId = await use('pid');
    await running.post(call('grow', { bytes: 256 * 1_048_576 }), { session });

    await expect.poll(() => isAlive(processId)).toBe(false);
    await expect
      .poll(() => running.events)
      .toContainEqual(expect.objectContaining({ type: 'child_failed', reason: 'memory' }));
    expect(await small.use('echo', { text: 'a' })).toBe('a');
  });
});

describe('the number of child processes', () => {
  it('MCP-21: is limited for each user, and an idle session of their own makes room', async () => {
    const running = await start({ maximumProcesses: 3, maximumProcessesPerCaller: 2 });
    const first = await begin(running);
    const second = await begin(running);
    const sessions = [first, second];
    const waiting = sessions.map(({ session }) => running.post(call('hold'), { session }));
    for (const { use } of sessions) await expect.poll(() => use('unanswered', {}, 2)).toBe('1');

    expect((await running.post(initialize())).status).toBe(429);
    await begin(running, 'bob');
    expect((await running.post(initialize(), { caller: 'carol' })).status).toBe(503);
    expect(typesOf(running)).toContain('child_limit_reached');

    for (const { use } of sessions) await use('release', {}, 2);
    for (const answer of await Promise.all(waiting)) await answer.text();
    await begin(running);
    const gone = await running.post(call('pid'), { session: first.session });
    expect(gone.status).toBe(404);
  });

  it('falls when a session is idle', async () => {
    const running = await start({ idleSeconds: 1 });
    await begin(running);

    await expect
      .poll(() => running.events)
      .toContainEqual(expect.objectContaining({ type: 'child_stopped', reason: 'idle' }));
  });

  it('stays while the client of a session listens', async () => {
    const running = await start({ idleSeconds: 1 });
    const listening = await begin(running);
    const { session } = listening;
    const stream = await running.post(undefined, { session, method: 'GET' });
    // It is looked at after the other one, at the same time.
    await begin(running, 'bob');
    await expect
      .poll(() => running.events)
      .toContainEqual(expect.objectContaining({ type: 'child_stopped', reason: 'idle' }));

    expect(textOf(await readAnswer(await running.post(call('pid'), { session })))).toMatch(/^\d+$/);
    await stream.body?.cancel();
  });
});

it('MCP-21: no more than the budget is read of unasked output', async () => {
  // The clock stands still, so nothing is added to the budget of 16 MiB.
  const running = await start({ monotonicNow: () => 0 });
  const loud = await begin(running);
  const quiet = await begin(running, 'bob');

  /** How many messages were read: the stream has kept the newest, and each has its number. */
  const countRead = async (): Promise<number> => {
    const headers = { 'Last-Event-ID': 'g-0' };
    const given = { session: loud.session, method: 'GET', headers };
    const { body } = await running.post(undefined, given);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value = '' } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return Number(/^id: g-(\d+)$/m.exec(value)?.[1] ?? 0);
  };

  await loud.use('flood');
  await expect.poll(countRead).toBeGreaterThan(1_000);
  for (let count = 0; count < 40; count += 1) await quiet.use('echo', { text: 'a' });

  expect(await countRead()).toBeLessThan(30_000);
});

it('answers with 503 once it is closed', async () => {
  const running = await start();
  const { session } = await begin(running);
  await running.upstream.close();

  const answer = await running.post(call('pid'), { session });

  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(await running.upstream.health()).toEqual({ isAvailable: false, reason: 'closing' });
});

describe('without a gate', () => {
  /** What a request that no gate has seen is answered with. */
  async function handle({ upstream }: Running, request: object): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const response = {
      headersSent: false,
      destroyed: false,
      writeHead: resolve,
      end() {},
      once() {},
    };
    await upstream.handle(
      { method: 'GET', headers: {}, ...request } as never,
      response as never,
      undefined,
    );
    return promise;
  }

  it('MCP-04: a session is found by its owner alone', async () => {
    const running = await start();
    const { session } = await begin(running);
    const auth = (subject: string) => ({
      clientId: 'client-1',
      extra: { issuer: 'https://auth.example.com', subject },
    });
    // The gate has added the proof of the owner.
    const [own] = session.split('.s1.');
    const request = { method: 'DELETE', headers: { 'mcp-session-id': own } };

    expect(await handle(running, { ...request, auth: auth('bob') })).toBe(404);
    expect(
      await handle(running, { ...request, auth: { ...auth('alice'), clientId: 'other' } }),
    ).toBe(404);
    expect(await handle(running, { ...request, auth: auth('alice') })).toBe(200);
  });

  it('MCP-21: nothing is started for somebody who is not signed in', async () => {
    const running = await start();

    expect(await handle(running, {})).toBe(403);
    expect(await handle(running, { auth: { clientId: 'c', extra: {} } })).toBe(403);
  });
});
