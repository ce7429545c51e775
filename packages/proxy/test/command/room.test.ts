/** Who gives up a child process for whom. */
import { expect, it } from 'vitest';
import { begin, call, initialize, start } from './set-up.ts';

it('MCP-21: a session that is ending makes room, and the others are kept', async () => {
  const running = await start({ flags: ['stay'], maximumProcessesPerCaller: 2 });
  const [ending, kept] = [await begin(running), await begin(running)];
  await running.post(undefined, { method: 'DELETE', session: ending.session });

  await begin(running);

  expect(await kept.use('echo', { text: 'a' })).toBe('a');
});

it('MCP-21: nothing is started for a request that waits for room while the upstream closes', async () => {
  // Its process takes a second and a half to end.
  const flags = ['stay', 'ignore-sigterm'];
  const running = await start({ flags, maximumProcessesPerCaller: 1 });
  const { session } = await begin(running);
  const waiting = running.post(initialize());
  const notification = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };
  // Its process has been told to end, which makes room.
  await expect.poll(async () => (await running.post(notification, { session })).status).toBe(503);

  await running.upstream.close();

  const answer = await waiting;
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('stopping')]);
  expect(running.events.map(({ type }) => type)).toEqual(['child_stopped']);
});

it('MCP-21: the user of a shared process who has 32 sessions gives up the oldest for another', async () => {
  const running = await start({ shared: true });
  const bob = await begin(running, 'bob');
  const sessions = [];
  for (let count = 0; count < 33; count += 1) sessions.push((await begin(running)).session);
  const statusOf = async (session = '') =>
    (await running.post(call('echo', { text: 'a' }), { session })).status;

  expect([await statusOf(sessions[0]), await statusOf(sessions[1])]).toEqual([404, 200]);
  expect(await bob.use('echo', { text: 'a' })).toBe('a');
});

it('MCP-21: a process that lived for a minute ends the delay after crashes', async () => {
  let now = 0;
  const running = await start({ monotonicNow: () => now });
  const crash = async () => {
    const { session } = await begin(running);
    await running.post(call('exit'), { session });
  };
  await crash();
  await crash();
  now = 1_000;
  const { session } = await begin(running);
  now += 60_000;
  await running.post(undefined, { method: 'DELETE', session });
  await expect.poll(() => running.events.at(-1)).toMatchObject({ type: 'child_stopped' });
  await crash();

  // A third failure in a row would delay it by two seconds.
  expect((await running.post(initialize())).status).toBe(200);
});
