/** What a client that is slow, gone or silent costs. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { AnswerReceiver } from '../../src/command/messages/child-requests.ts';
import { createEventStream } from '../../src/command/messages/event-stream.ts';
import type { JsonObject } from '../../src/command/messages/messages.ts';
import { createOpenAnswers } from '../../src/command/messages/open-answers.ts';
import { createServerRequests } from '../../src/command/messages/server-requests.ts';
import { createSession } from '../../src/command/sessions/session.ts';

/** A client that can stop reading, without a socket. */
class Connection extends EventEmitter {
  text = '';
  writableLength = 0;
  headersSent = false;
  destroyed = false;
  writeHead(): void {
    this.headersSent = true;
  }
  setHeader(): void {}
  flushHeaders(): void {}
  write(text: string): void {
    this.text += text;
  }
  end(text = ''): void {
    this.text += text;
    this.destroy();
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

const idsOf = ({ text }: Connection) => [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id);

it('disconnects a client that reads too slowly, which then gets what it missed', () => {
  const stream = createEventStream({ id: 'g' });
  const slow = new Connection();
  stream.attach(slow as never);
  stream.send('1');
  slow.writableLength = 2_000_000;
  stream.send('2');
  expect(slow.destroyed).toBe(true);
  stream.send('3');

  const next = new Connection();
  stream.attach(next as never);

  expect(idsOf(slow)).toEqual(['g-1']);
  expect(idsOf(next)).toEqual(['g-2', 'g-3']);
  stream.end();
});

it('keeps a bounded part of what nobody reads', () => {
  const stream = createEventStream({ id: 'g' });
  for (let index = 0; index < 10; index += 1) stream.send('x'.repeat(50_000));

  const connection = new Connection();
  stream.attach(connection as never);

  expect(idsOf(connection)).toEqual(['g-9', 'g-10']);
  stream.end();
});

it('gives a stream to the connection that came last', () => {
  const stream = createEventStream({ id: 'g' });
  const [first, second] = [new Connection(), new Connection()];
  stream.attach(first as never);
  stream.attach(second as never);
  stream.send('1');

  expect(first.destroyed).toBe(true);
  expect(idsOf(second)).toEqual(['g-1']);
  stream.end();
});

it('refuses the oldest of more than 100 questions that the client does not answer', () => {
  const refused: JsonObject[] = [];
  const asked: JsonObject[] = [];
  const requests = createServerRequests((answer) => refused.push(answer));

  for (let id = 1; id <= 101; id += 1) {
    requests.ask({ jsonrpc: '2.0', id: `s${id}`, method: 'roots/list' }, (sent) =>
      asked.push(sent),
    );
  }

  expect(refused).toMatchObject([{ id: 's1', error: {} }]);
  expect(requests.readAnswer({ id: 1, result: {} })).toBeUndefined();
  expect(requests.readAnswer({ id: 101, result: {} })).toEqual({ id: 's101', result: {} });
  expect(requests.cancel({ method: 'm', params: { requestId: 's2' } })).toBe(true);
  expect(asked.at(-1)).toEqual({ method: 'm', params: { requestId: 2 } });
  expect(requests.cancel({ method: 'm', params: { requestId: 'unknown' } })).toBe(false);
});

it('waits for open answers only until the last one has ended', async () => {
  const answers = createOpenAnswers();
  const [first, second] = [new Connection(), new Connection()];
  answers.add(first as never);
  answers.add(second as never);
  let isOver = false;
  const waiting = answers.wait(600_000).then(() => {
    isOver = true;
  });

  first.destroy();
  await Promise.resolve();
  expect(isOver).toBe(false);
  second.destroy();
  await expect.poll(() => isOver).toBe(true);
  await waiting;
});

it('cancels a request whose stream is not resumed in time, and no other', async () => {
  const cancelled: unknown[] = [];
  const receivers: AnswerReceiver[] = [];
  const session = createSession(
    {
      request({ id }, receiver) {
        receivers.push(receiver);
        return { id: receivers.length, cancel: () => cancelled.push(id) };
      },
      notify: () => true,
    },
    1,
  );
  const connections = ['resumed', 'left'].map((id) => {
    const connection = new Connection();
    const body = { jsonrpc: '2.0', id, method: 'tools/call' };
    session.post({ headers: {} } as never, connection as never, { body, filter: undefined });
    return connection;
  });
  for (const { onProgress } of receivers) {
    onProgress({ jsonrpc: '2.0', method: 'notifications/progress' });
  }
  expect(connections.map(idsOf)).toEqual([['p1-1'], ['p2-1']]);

  for (const connection of connections) connection.destroy();
  const again = new Connection();
  session.get({ headers: { 'last-event-id': 'p1-1' } } as never, again as never);

  await expect.poll(() => cancelled).toEqual(['left']);
  receivers[0]?.onAnswer({ result: {} });
  expect(idsOf(again)).toEqual(['p1-2']);
  expect(session.isIdle).toBe(true);
});
