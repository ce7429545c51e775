/** Which streams of a session a client can resume. */
import { expect, it } from 'vitest';
import { begin, call, readAnswer, start, textOf } from './set-up.ts';

it('resumes the newest streams, and each that has not ended, and otherwise opens that of the session', async () => {
  const running = await start();
  const { session, use } = await begin(running);
  const get = (lastEventId: string) => {
    const headers = { 'Last-Event-ID': lastEventId };
    return running.post(undefined, { session, method: 'GET', headers });
  };
  const readChunk = async ({ body }: Response) => {
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    return (await reader?.read())?.value ?? '';
  };
  const asking = await running.post(call('ask', { method: 'roots/list' }), { session });
  const { id } = JSON.parse(/^data: (.+)$/m.exec(await readChunk(asking))?.[1] ?? '');
  for (let count = 2; count <= 18; count += 1) {
    const headers = { Accept: 'text/event-stream' };
    const answer = await running.post(call('echo', { text: `${count}` }), { session, headers });
    await answer.text();
  }

  // The number of a stream is written in base 36.
  expect(textOf(await readAnswer(await get('pi-0')))).toBe('18');
  expect(textOf(await readAnswer(await get('p4-0')))).toBe('4');
  await running.post({ jsonrpc: '2.0', id, result: { roots: [] } }, { session });
  expect(textOf(await readAnswer(await get('p1-0')))).toContain('roots');
  for (const [index, unknown] of ['p3-0', 'no event id'].entries()) {
    const general = await get(unknown);
    await use('change');
    expect(await readChunk(general)).toContain(`id: g-${index + 1}\n`);
  }
});
