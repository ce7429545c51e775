/** Starts a command upstream in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { call, initialize, readAnswer, textOf, trialServer } from './set-up.ts';

const proxy = fileURLToPath(new URL('./servers/proxy-process.ts', import.meta.url));

/** Starts it at any port. */
export const startProxy = (...flags: readonly string[]) => startProxyAt('0', flags);

/** Starts it again where clients know it. */
export async function startProxyAt(wanted: string, flags: readonly string[]) {
  const process_ = spawn(process.execPath, [...process.execArgv, proxy, trialServer, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: wanted },
  });
  onTestFinished(() => void process_.kill('SIGKILL'));
  const [port] = await Promise.race([
    once(process_.stdout, 'data'),
    once(process_, 'exit').then(() => Promise.reject(new Error('the proxy did not start'))),
  ]);
  const url = `http://127.0.0.1:${String(port).trim()}/mcp`;
  const send = (body: unknown, session?: string) =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: session === undefined ? {} : { 'Mcp-Session-Id': session },
    });
  async function begin() {
    const answer = await send(initialize());
    await answer.text();
    const session = answer.headers.get('mcp-session-id') ?? '';
    const use = async (name: string) => textOf(await readAnswer(await send(call(name), session)));
    return { session, pid: await use('pid'), grandchild: await use('recall') };
  }
  const memory = async () => Number(await (await fetch(new URL('/memory', url))).text());
  return { process: process_, port: String(port).trim(), send, begin, memory };
}
