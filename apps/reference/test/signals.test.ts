/** Signals at every time of the program's life. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { connectRaw, get } from '@sallyport/test-parts/raw-client';
import { startSecretManager } from '@sallyport/testing/secret-manager';
import { expect, it, onTestFinished } from 'vitest';
import { readGraceSeconds } from '../src/process/shutdown-settings.ts';
import { startServer } from '../src/server.ts';

interface Program {
  readonly child: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
  until(text: string): Promise<void>;
}

async function start(variables: Record<string, string> = {}): Promise<Program> {
  const port = await findFreePort();
  const entry = new URL('../dist/main.js', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--unhandled-rejections=strict', entry], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ENVIRONMENT: 'development',
      FASTMCP_SERVER_AUTH_TYPE: 'static',
      ...variables,
      PORT: String(port),
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    port,
    output: () => output,
    exit,
    async until(text) {
      while (!output.includes(text)) {
        const ended = await Promise.race([exit.then(() => true), once(child.stdout, 'data')]);
        if (ended === true) throw new Error(`it ended: ${output}`);
      }
    },
  };
}

/** A client whose request is under way. It never sends the rest of its body. */
async function holdRequest(port: number) {
  const client = await connectRaw(port);
  client.write(
    'POST /tools/call HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev-token-12345\r\n' +
      'Content-Length: 100\r\n\r\n{',
  );
  return client;
}

const ready = 'Stop with Ctrl+C.';

it('CASE-20: ends with 0 whenever SIGTERM arrives, from the first moment on', async () => {
  const begin = performance.now();
  const whole = await start();
  await whole.until(ready);
  const duration = performance.now() - begin;
  whole.child.kill('SIGTERM');
  const codes = [await whole.exit];
  for (const part of [0.06, 0.12, 0.2, 0.3, 0.5, 0.9]) {
    const program = await start();
    await sleep(part * duration);
    program.child.kill('SIGTERM');
    codes.push(await program.exit);
    expect(program.output()).not.toContain('did not start');
  }
  // A busy machine may be slower by now, so the last signal comes with the first line and not at a time.
  const loaded = await start();
  await loaded.until('ENVIRONMENT');
  loaded.child.kill('SIGTERM');
  codes.push(await loaded.exit);

  // `null`: Node itself was not loaded yet, and the signal ended it.
  expect(codes.filter((code) => code !== 0 && code !== null)).toEqual([]);
  expect(codes.at(-1)).toBe(0);
});

it('CASE-20: calls off a start that waits', async () => {
  const secrets = await startSecretManager();
  onTestFinished(() => secrets.stop());
  secrets.fault({ kind: 'hang' });
  const stopping = new AbortController();
  const started = startServer(
    {
      variables: {
        ENVIRONMENT: 'production',
        FASTMCP_SERVER_AUTH_TYPE: 'jwt',
        FASTMCP_SERVER_AUTH_SECRET_BACKEND: 'gcp_secret_manager',
        FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
        GCP_PROJECT_ID: secrets.projectId,
      },
      gcpClientOptions: { ...secrets.clientOptions },
      signal: stopping.signal,
    },
    () => {},
  );
  setTimeout(() => stopping.abort(), 100);

  await expect(started).rejects.toMatchObject({ name: 'AbortError' });
});

it('CASE-25: cuts the requests under way after another SIGTERM', async () => {
  const program = await start();
  await program.until(ready);
  const client = await holdRequest(program.port);
  await program.until('"authenticated"');
  // On a busy machine two signals may arrive together. They then count as one.
  while (program.child.exitCode === null) {
    program.child.kill('SIGTERM');
    await Promise.race([program.exit, sleep(600)]);
  }

  expect(await program.exit).toBe(143);
  expect(await client.closed).not.toContain('200');
});

it('CASE-20: fails after it listens, and answers nobody with a hang', async () => {
  const program = await start({ NOTES_DATABASE: '/nowhere/notes.db' });
  const code = await program.exit;

  expect(code).toBe(78);
  expect(program.output()).toContain('NOTES_DATABASE: ');
  expect(program.output()).not.toMatch(/\n\s+at /);
});

it.each(['-1', '1.5', 'ten', '301', '0x10'])(
  'OPS-11: refuses %s as its grace period',
  (seconds) => {
    expect(() => readGraceSeconds({ SHUTDOWN_GRACE_SECONDS: seconds })).toThrow(
      'SHUTDOWN_GRACE_SECONDS: must be a whole number of seconds',
    );
  },
);

it('OPS-11: ends with 78 after a wrong grace period', async () => {
  const program = await start({ SHUTDOWN_GRACE_SECONDS: '301' });

  expect(await program.exit).toBe(78);
  expect(program.output()).toContain('SHUTDOWN_GRACE_SECONDS: must be a whole number of seconds');
});

it('CASE-48: writes only JSON lines in production, each with severity, time and message', async () => {
  const program = await start({
    ENVIRONMENT: 'production',
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://auth.acme-corp.dev',
    FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
    FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: 'k3VZk1Xb7sQpR0uLw8YcTfEjG2hMdAaN5oI9vKtBxUyPzW4q',
    FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'HS256',
  });
  await program.until('"listening"');
  const client = await connectRaw(program.port);
  client.write(get('/health'));
  await client.until('"ok"');
  program.child.kill('SIGTERM');
  const code = await program.exit;
  const lines = program
    .output()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

  expect(code).toBe(0);
  for (const line of lines) {
    expect(line).toMatchObject({
      severity: expect.stringMatching(/^(INFO|WARNING)$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      message: expect.any(String),
    });
  }
  const events = lines.map(({ event }) => event);
  expect(events.filter((event) => event !== 'setting')).toEqual([
    'listening',
    'stopping',
    'stopped',
  ]);
  expect(events).toContain('setting');
});

it.each([
  ['a wrong setting', { FASTMCP_SERVER_AUTH_TYPE: 'magic' }, 78, 'FASTMCP_SERVER_AUTH_TYPE'],
  ['a misspelt ENVIRONMENT', { ENVIRONMENT: 'produktion' }, 78, 'ENVIRONMENT'],
])(
  'CASE-48: says in one JSON line that %s is why production does not start',
  async (_name, variables, exitCode, variable) => {
    const program = await start({ ENVIRONMENT: 'production', ...variables });
    const code = await program.exit;
    const lines = program
      .output()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'start_failed');

    expect(code).toBe(exitCode);
    expect(lines.map((line) => line['variable'])).toContain(variable);
    for (const line of lines) {
      expect(line).toMatchObject({
        severity: 'ERROR',
        time: expect.any(String),
        message: expect.stringContaining('The server did not start. '),
      });
    }
  },
);
