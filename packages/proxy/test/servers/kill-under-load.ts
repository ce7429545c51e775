/** Kills an upstream under load, and accounts for every request. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { expect, onTestFinished } from 'vitest';
import { call, post, startProxy, tokenOf } from '../fixture.ts';

const script = fileURLToPath(new URL('killable-server.ts', import.meta.url));

async function start(port: string): Promise<ChildProcess> {
  for (;;) {
    const child = spawn(process.execPath, [script, port], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const isListening = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    if (isListening) return child;
    // Another program has the port for a moment.
    await sleep(100);
  }
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

/** @returns How often each outcome was seen. */
export async function killUnderLoad(kills: number): Promise<ReadonlyMap<string, number>> {
  const port = `${await findFreePort()}`;
  let child = await start(port);
  const proxy = await startProxy({ url: `http://127.0.0.1:${port}/mcp` });
  const outcomes = new Map<string, number>();
  let isOver = false;
  onTestFinished(async () => {
    isOver = true;
    await proxy.stop();
  });

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
  const unavailable = () => outcomes.get('unavailable') ?? 0;
  const limit = { timeout: 60_000 };
  const working = Array.from({ length: 16 }, work);
  for (let kill = 0; kill < kills; kill += 1) {
    const before = answered();
    await expect.poll(answered, limit).toBeGreaterThan(before + 50);
    const failed = unavailable();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(unavailable, limit).toBeGreaterThan(failed);
    child = await start(port);
  }
  const before = answered();
  await expect.poll(answered, limit).toBeGreaterThan(before + 50);
  isOver = true;
  await Promise.all(working);
  return outcomes;
}

/** What is right for a request whose upstream is killed at some moment. */
export const rightOutcomes: readonly string[] = ['answered', 'unavailable', 'error in the stream'];
