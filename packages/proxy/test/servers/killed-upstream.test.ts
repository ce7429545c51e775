/** An upstream that is killed under load (MCP-20). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { call, listen, post, startProxy, stopServer, tokenOf } from '../fixture.ts';

const script = fileURLToPath(new URL('killable-server.ts', import.meta.url));

async function start(port: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, port], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

/** A port that nothing listens at. */
async function findFreePort(): Promise<string> {
  const server = createServer();
  const { port } = await listen(server);
  await stopServer(server);
  return port;
}

/** What a client makes of an answer. */
async function outcomeOf(response: Response, id: string): Promise<string> {
  const text = await response.text();
  if (response.status === 503) {
    return response.headers.get('Retry-After') === null ? 'no Retry-After' : 'unavailable';
  }
  if (response.status !== 200) return `status ${response.status}`;
  const messages = text.includes('data: ')
    ? [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data))
    : [JSON.parse(text)];
  const own = messages.find((message) => message.id === id);
  if (own?.result !== undefined) return 'answered';
  return own?.error?.code === -32_603 ? 'error in the stream' : `no answer: ${text}`;
}

it('MCP-20: answers every request of a killed upstream, and goes on when it is back', async () => {
  const port = await findFreePort();
  let child = await start(port);
  const proxy = await startProxy({ url: `http://127.0.0.1:${port}/mcp` });
  const outcomes = new Map<string, number>();
  let isOver = false;

  const work = async (_none: unknown, worker: number) => {
    const token = tokenOf(`caller-${worker}`, 'notes:read');
    for (let count = 0; !isOver; count += 1) {
      const id = `${worker}-${count}`;
      const response = await post(proxy.url, call('echo', id), { token });
      const outcome = await outcomeOf(response, id);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome === 'unavailable') await sleep(10);
    }
  };
  const answered = () => outcomes.get('answered') ?? 0;
  const working = Array.from({ length: 16 }, work);
  for (let kill = 0; kill < 2; kill += 1) {
    const before = answered();
    await expect.poll(answered).toBeGreaterThan(before + 50);
    const failed = outcomes.get('unavailable') ?? 0;
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => outcomes.get('unavailable') ?? 0).toBeGreaterThan(failed);
    child = await start(port);
  }
  const before = answered();
  await expect.poll(answered).toBeGreaterThan(before + 50);
  isOver = true;
  await Promise.all(working);

  const known = ['answered', 'unavailable', 'error in the stream'];
  expect([...outcomes.keys()].filter((outcome) => !known.includes(outcome))).toEqual([]);
  await proxy.stop();
  child.kill('SIGKILL');
});
