/** The command line of the MCP Inspector: a process for each call, which keep their tokens in a file. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPerson } from './person.ts';
import { serveNotes } from './served-notes.ts';

const program = fileURLToPath(
  new URL(
    '../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
    import.meta.url,
  ),
);

async function start(accessTokenTtlSeconds?: number) {
  const notes = await serveNotes(accessTokenTtlSeconds);
  const person = createPerson();
  onTestFinished(async () => {
    await notes.stop();
    person.leave();
  });
  const call = (tool: string, input: Record<string, unknown> = {}, ...options: string[]) =>
    new Promise<{ code: number; out: string; error: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        [
          program,
          ...['--cli', '--server-url', notes.url.href, '--transport', 'http', ...options],
          ...['--callback-url', `http://127.0.0.1:${callbackPort}/oauth/callback`],
          ...['--method', 'tools/call', '--tool-name', tool],
          ...['--tool-args-json', JSON.stringify(input)],
        ],
        {
          env: {
            ...person.environment,
            MCP_AUTO_OPEN_ENABLED: 'true',
            MCP_INSPECTOR_SECRET_STORE: 'file',
          },
          timeout: 60_000,
        },
        (problem, out, error) => resolve({ code: Number(problem?.code ?? 0), out, error }),
      );
      child.stdin?.end();
    });
  return { ...notes, person, call };
}

// Its own, so that an Inspector that somebody has open is not in the way.
const callbackPort = 16_276;

describe("the Inspector's command line", () => {
  it('signs in, and calls', async () => {
    const { person, call } = await start();
    const { code, out } = await call('whoami');

    expect(out).toContain('alice');
    expect(code).toBe(0);
    expect(person.asked()).toEqual(['read:data offline_access']);
    expect((await call('list_notes')).code).toBe(0);
    expect(person.asked()).toHaveLength(1);
  });

  it('is told what a call lacks; with a refresh token it does not ask for more', async () => {
    const { person, call, log } = await start();
    await call('whoami');
    const { code, error } = await call('write_note', { title: 'Milk', text: 'Two bottles' });

    expect(code).toBe(1);
    expect(error).toContain('"error"');
    expect(log.join('')).toContain('missing write:data');
    expect(person.asked()).toHaveLength(1);
  });

  it('refreshes without asking again', async () => {
    const { person, call, log } = await start(2);
    await call('whoami');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const { code, out } = await call('whoami');

    expect(out).toContain('alice');
    expect(code).toBe(0);
    expect(person.asked()).toHaveLength(1);
    expect(log.join('')).toContain('token_expired');
  });

  it('is refused when the person says no, with a reason', async () => {
    const { person, call, log } = await start();
    person.refuse();
    const { code, error } = await call('whoami');

    expect(code).toBe(1);
    expect(error).toContain('the person said no');
    expect(log.join('')).not.toContain('"authenticated"');
  });
});
