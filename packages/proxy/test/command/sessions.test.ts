import { describe, expect, it } from 'vitest';
import {
  begin,
  call,
  connectV2,
  initialize,
  readAnswer,
  readMessages,
  start,
  type TrialOptions,
  textOf,
} from './set-up.ts';

describe('a session', () => {
  it('MCP-21: has a child process of its own, which ends with DELETE', async () => {
    const running = await start();
    const first = await begin(running);
    const second = await begin(running);

    expect(await first.use('remember', { text: 'mine' })).toBe('mine');
    expect(await second.use('recall')).toBe('');

    const ended = await running.post(undefined, { method: 'DELETE', session: first.session });
    expect(ended.status).toBe(200);
    const later = await running.post(call('recall'), { session: first.session });
    expect(later.status).toBe(404);
    await expect
      .poll(() => running.events)
      .toContainEqual(expect.objectContaining({ type: 'child_stopped', reason: 'session_over' }));
  });

  it('MCP-04: is not found by another caller', async () => {
    const running = await start();
    const { session } = await begin(running);

    for (const method of ['POST', 'GET', 'DELETE']) {
      const body = method === 'POST' ? call('recall') : undefined;
      const answer = await running.post(body, { caller: 'bob', session, method });
      expect(answer.status).toBe(404);
    }
  });

  it('answers the ids that the client chose', async () => {
    const running = await start();
    const { session } = await begin(running);

    const answers = await Promise.all(
      [1, '1', 'a'].map(async (id) => {
        const answer = await running.post(call('echo', { text: `${id}` }, id), { session });
        return (await answer.json()) as { id: unknown };
      }),
    );

    expect(answers.map(({ id }) => id)).toEqual([1, '1', 'a']);
  });

  it('answers a batch of MCP 2025-03-26 with a batch', async () => {
    const running = await start();
    const { session } = await begin(running);
    const batch = [call('echo', { text: 'a' }, 1), call('nothing', {}, 2), call('pid', {}, 3)];

    const answer = await running.post(batch, { session });
    const messages = (await answer.json()) as readonly { id: number }[];

    expect(messages.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
  });

  it('answers an id that a batch uses twice once', async () => {
    const running = await start();
    const { session } = await begin(running);

    const answer = await running.post([call('pid'), call('pid')], { session });

    expect(await answer.json()).toHaveLength(1);
  });

  it('does not begin when the child refuses it', async () => {
    const running = await start({ flags: ['refuse-initialize'] });

    const answer = await running.post(initialize());

    expect([answer.status, answer.headers.get('mcp-session-id')]).toEqual([200, null]);
    expect(await answer.json()).toMatchObject({ id: 0, error: { code: -32_602 } });
    await expect
      .poll(() => running.events)
      .toContainEqual(expect.objectContaining({ type: 'child_stopped', reason: 'session_over' }));
  });

  it.each([
    ['a request without a session', call('recall'), {}, 400],
    ['initialize in a batch', [initialize()], {}, 400],
    ['initialize without an id', { jsonrpc: '2.0', method: 'initialize' }, {}, 400],
    ['an unknown session', call('recall'), { session: 'unknown' }, 400],
  ])('refuses %s', async (_name, body, given, status) => {
    const running = await start();

    expect((await running.post(body, given)).status).toBe(status);
  });

  it('refuses a client that takes neither JSON nor a stream', async () => {
    const running = await start();
    const { session } = await begin(running);
    const headers = { Accept: 'text/html' };

    expect((await running.post(call('recall'), { session, headers })).status).toBe(406);
    expect((await running.post(undefined, { session, headers, method: 'GET' })).status).toBe(406);
  });

  it('MCP-18: keeps the numbers of the child and of the client exactly', async () => {
    const running = await start();
    const { session } = await begin(running);

    const answer = await running.post(call('exact'), { session });
    expect(await answer.text()).toContain('"big":12345678901234567890,"small":1.1');
    const text = JSON.stringify(call('line')).replace('"arguments":{}', '"arguments":{"n":1e400}');
    const line = await running.post(text, { session });
    expect(textOf(await readAnswer(line))).toContain('{"n":1e400}');
  });

  it('routes progress to its request, under the token of the client', async () => {
    const running = await start();
    const { session } = await begin(running);
    const body = {
      ...call('progress'),
      params: { name: 'progress', _meta: { progressToken: 'p' } },
    };

    const answer = await running.post(body, { session });
    const messages = await readMessages(answer);

    expect(messages.slice(0, 3)).toMatchObject(
      [1, 2, 3].map((progress) => ({ params: { progressToken: 'p', progress } })),
    );
    // The child knows it by a token that no other client can have.
    expect(textOf(messages[3])).toMatch(/^\d+$/);
  });

  it('leaves out progress of a request that is over', async () => {
    const running = await start();
    const { session } = await begin(running);

    const answer = await running.post(call('lateProgress'), { session });

    expect(await readMessages(answer)).toMatchObject([{ id: 1, result: {} }]);
  });

  it('sends nothing but the answer to a client that takes JSON alone', async () => {
    const running = await start();
    const { session } = await begin(running);
    const headers = { Accept: 'application/json' };
    const _meta = { progressToken: 'p' };

    const body = { ...call('progress'), params: { name: 'progress', _meta } };
    const answer = await running.post(body, { session, headers });

    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({ id: 1, result: {} });
  });

  it('tells the client that the child no longer waits for its answer', async () => {
    const running = await start();
    const { session } = await begin(running);
    const answer = await running.post(call('askInVain'), { session });

    const [question, cancelled] = (await readMessages(answer)) as { id?: number }[];

    expect(question).toMatchObject({ id: expect.any(Number), method: 'roots/list' });
    expect(cancelled).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: question?.id, reason: 'too late' },
    });
  });

  it('asks the client in the stream of its only open request', async () => {
    const running = await start();
    const { session } = await begin(running, 'alice', { sampling: {} });
    const answer = await running.post(call('ask', { method: 'roots/list' }), { session });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const question = (await reader?.read())?.value ?? '';
    expect(question).toContain('"method":"roots/list"');
    const { id } = JSON.parse(/^data: (.+)$/m.exec(question)?.[1] ?? '');

    const response = { jsonrpc: '2.0', id, result: { roots: [] } };
    for (const other of [99, `${id}`]) {
      const wrong = { ...response, id: other, result: { roots: ['wrong'] } };
      const unasked = await running.post(wrong, { session });
      expect(unasked.status).toBe(202);
    }
    expect((await running.post(response, { session })).status).toBe(202);
    const answered = (await reader?.read())?.value;
    expect(answered).toContain('roots');
    expect(answered).not.toContain('wrong');
  });

  it('cancels for the child what the client cancels, and ends its connection', async () => {
    const running = await start();
    const { session, use } = await begin(running);
    const other = running.post(call('hold', {}, 'held'), { session });
    const waiting = running.post(call('silent', {}, 'quiet'), { session });
    await expect.poll(() => use('unanswered')).toBe('2');

    const cancel = {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 'quiet' },
    };
    expect((await running.post(cancel, { session })).status).toBe(202);

    expect(await readAnswer(await waiting)).toMatchObject({ id: 'quiet', error: {} });
    expect(await use('recall')).toMatch(/^cancelled \d+$/);
    await use('release');
    expect(textOf(await readAnswer(await other))).toBe('held');
  });

  it('cancels for the child what a client waited for that disconnected, also where an id is used twice', async () => {
    const running = await start();
    const { session, use } = await begin(running);
    const abort = new AbortController();
    const waiting = running.post(call('silent'), { session, signal: abort.signal });
    await expect.poll(() => use('unanswered')).toBe('1');
    abort.abort();
    await expect(waiting).rejects.toThrow();

    await expect.poll(() => use('recall')).toMatch(/^cancelled \d+$/);
  });

  it('sends what belongs to no request to the stream of GET, and again from Last-Event-ID on', async () => {
    const running = await start();
    const { session, use } = await begin(running);
    const open = async (headers = {}) => {
      const answer = await running.post(undefined, { session, method: 'GET', headers });
      return answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    };
    const stream = await open();
    await use('change');
    await use('change');
    let seen = '';
    while (!seen.includes('id: g-2')) seen += (await stream?.read())?.value ?? '';
    await stream?.cancel();

    const again = await open({ 'Last-Event-ID': 'g-1' });
    const missed = (await again?.read())?.value ?? '';

    expect(missed).toContain('id: g-2');
    expect(missed).not.toContain('id: g-1');
  });

  it('resumes the stream of a POST, and does not cancel it meanwhile', async () => {
    const running = await start();
    const { session, use } = await begin(running);
    const abort = new AbortController();
    const body = call('ask', { method: 'roots/list' });
    const answer = await running.post(body, { session, signal: abort.signal });
    const text = (await answer.body?.pipeThrough(new TextDecoderStream()).getReader().read())
      ?.value;
    const [, event = ''] = /^id: (.+)$/m.exec(text ?? '') ?? [];
    const { id } = JSON.parse(/^data: (.+)$/m.exec(text ?? '')?.[1] ?? '');
    abort.abort();
    await use('pid');
    await running.post({ jsonrpc: '2.0', id, result: { roots: ['r'] } }, { session });

    const resumed = await running.post(undefined, {
      session,
      method: 'GET',
      headers: { 'Last-Event-ID': event },
    });

    expect(textOf(await readAnswer(resumed))).toContain('roots');
    expect(await use('recall')).toBe('');
  });
});

describe('MCP-07: with permits', () => {
  const permits: NonNullable<TrialOptions['permits']> = (auth, subject) => {
    const { extra } = auth as unknown as { readonly extra: { readonly subject: string } };
    return 'tool' in subject && (extra.subject === 'alice' || subject.tool === 'echo');
  };
  const listTools = { jsonrpc: '2.0', id: 7, method: 'tools/list' };
  const namesIn = async (answer: Response) => {
    const messages = [await readAnswer(answer)].flat() as {
      result: { tools: { name: string }[] };
    }[];
    return messages.flatMap(({ result }) => result.tools.map(({ name }) => name));
  };

  it.each([false, true])(
    'lists of a session show what its caller may use (shared: %s)',
    async (shared) => {
      const running = await start({ permits, shared });
      const alice = await begin(running);
      const bob = await begin(running, 'bob');
      const list = async (caller: string, session: string, body: object) =>
        namesIn(await running.post(body, { caller, session }));

      expect(await list('alice', alice.session, listTools)).toContain('exit');
      expect(await list('bob', bob.session, listTools)).toEqual(['echo']);
      expect(await list('bob', bob.session, [listTools, { ...listTools, id: 8 }])).toEqual([
        'echo',
        'echo',
      ]);
    },
  );

  it('lists without a session, and in a stream, show what the caller may use', async () => {
    const running = await start({ permits });
    const legacy = await begin(running, 'bob');
    const asStream = await running.post(listTools, {
      caller: 'bob',
      session: legacy.session,
      headers: { Accept: 'text/event-stream' },
    });
    expect(await namesIn(asStream)).toEqual(['echo']);

    const client = await connectV2(running, 'bob');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['echo']);
  });
});
