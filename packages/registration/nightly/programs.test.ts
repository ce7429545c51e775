/** mcp-remote and the command line of the MCP Inspector, as published, at each kind of provider. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { findFreePort } from '@sallyport/test-parts/free-port';
import { authorizeHeadlessly } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Served, startServed } from '../test/served.ts';
import { type StandInKind, standInKinds } from '../test/stand-in.ts';

const remote = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');
const inspector = fileURLToPath(
  new URL(
    '../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
    import.meta.url,
  ),
);

/** A person whose browser writes down where it is sent. */
function createPerson() {
  const home = mkdtempSync(join(tmpdir(), 'person-'));
  const visits = join(home, 'visits');
  const browser = join(home, 'browser');
  writeFileSync(browser, `#!/bin/sh\necho "$1" >> "${visits}"\n`);
  chmodSync(browser, 0o755);
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(join(home, name), `#!/bin/sh\nexec "${browser}" "$1"\n`);
    chmodSync(join(home, name), 0o755);
  }
  let answered = 0;
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const list = () => (existsSync(visits) ? readFileSync(visits, 'utf8').trim().split('\n') : []);
  return {
    home,
    environment: {
      PATH: `${home}:${process.env['PATH']}`,
      HOME: home,
      BROWSER: browser,
      MCP_REMOTE_CONFIG_DIR: join(home, 'mcp-remote'),
    },
    /** How many pages were opened. */
    visits: () => list().length,
    /** Makes the access tokens bad that a program has kept. */
    spoilTokens() {
      let spoilt = 0;
      for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
        const path = join(home, name);
        if (!name.endsWith('.json') || !statSync(path).isFile()) continue;
        const text = readFileSync(path, 'utf8');
        // Sealed values have an empty second part, and stay.
        const changed = text.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'not.a.token');
        if (changed !== text) spoilt += 1;
        writeFileSync(path, changed);
      }
      expect(spoilt).toBeGreaterThan(0);
    },
    /** Waits for the next page, and answers it. */
    async answer(options: { deny?: boolean } = {}): Promise<URLSearchParams> {
      await expect.poll(() => list().length, { timeout: 60_000 }).toBeGreaterThan(answered);
      const back = await authorizeHeadlessly(new URL(list()[answered] ?? ''), options);
      answered += 1;
      await fetch(back);
      return back.searchParams;
    },
  };
}

async function serve(kind: StandInKind, withoutSignIn = false): Promise<Served> {
  const served = await startServed(kind, { withoutSignIn });
  onTestFinished(served.stop);
  return served;
}

function startRemote(served: Served) {
  const person = createPerson();
  const client = new Client({ name: 'nightly', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [remote, served.resource],
    env: { ...person.environment },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (part: Buffer) => {
    said += part.toString();
  });
  onTestFinished(() => client.close());
  const connect = () => client.connect(transport as Parameters<typeof client.connect>[0]);
  const call = async (name: string) =>
    JSON.stringify(await client.callTool({ name, arguments: {} }));
  return { person, connect, call, said: () => said };
}

async function startInspector(served: Served) {
  const person = createPerson();
  const callback = `http://127.0.0.1:${await findFreePort()}/oauth/callback`;
  // Without scopes in its file, it refreshes where it should step up, and says "Unexpected".
  const notes = {
    type: 'streamable-http',
    url: served.resource,
    oauth: { scopes: 'notes:read' },
  };
  const file = join(person.home, 'servers.json');
  writeFileSync(file, JSON.stringify({ mcpServers: { notes } }));
  const call = (tool: string) =>
    new Promise<{ code: number; out: string; error: string }>((resolve) => {
      const { stdin } = execFile(
        process.execPath,
        [
          inspector,
          ...['--cli', '--config', file, '--server', 'notes'],
          ...['--callback-url', callback, '--method', 'tools/call', '--tool-name', tool],
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
      // It asks before it steps up.
      stdin?.end('y\n');
    });
  return { person, call };
}

function expectRefresh({ standIn }: Served): void {
  expect(standIn.tokenRequests.map((form) => form.get('grant_type'))).toEqual([
    'authorization_code',
    'refresh_token',
  ]);
}

describe.each(standInKinds)('at a provider of the kind: %s', (kind) => {
  it('REG-02: mcp-remote signs in, calls, refreshes and steps up', async () => {
    const served = await serve(kind);
    const { person, connect, call } = startRemote(served);
    const connected = connect();
    await person.answer();
    await connected;

    expect(await call('read_note')).toContain('read_note for alice');
    person.spoilTokens();
    expect(await call('read_note')).toContain('read_note for alice');
    expectRefresh(served);
    expect(person.visits()).toBe(1);
    const [answer] = await Promise.all([call('write_note'), person.answer()]);
    expect(answer).toContain('write_note for alice');
  });

  it('REG-02: mcp-remote says that the person said no', async () => {
    const { person, connect, said } = startRemote(await serve(kind));
    // It tells its person, and does not answer.
    connect().catch(() => {});
    await person.answer({ deny: true });

    await expect.poll(said, { timeout: 20_000 }).toContain('access_denied');
  });

  it("REG-02: the Inspector's command line signs in, keeps the token, refreshes it and steps up", async () => {
    const served = await serve(kind);
    const { person, call } = await startInspector(served);
    const [first] = await Promise.all([call('read_note'), person.answer()]);

    expect(first.out).toContain('read_note for alice');
    expect((await call('read_note')).out).toContain('read_note for alice');
    person.spoilTokens();
    expect((await call('read_note')).out).toContain('read_note for alice');
    expectRefresh(served);
    expect(person.visits()).toBe(1);
    const [wider] = await Promise.all([call('write_note'), person.answer()]);
    expect(wider.out).toContain('write_note for alice');
  });

  it("REG-02: the Inspector's command line says that the person said no", async () => {
    const { person, call } = await startInspector(await serve(kind));
    const [refused] = await Promise.all([call('read_note'), person.answer({ deny: true })]);

    expect(refused.code).not.toBe(0);
    expect(refused.error).toContain('the person said no');
  });

  it('REG-02: without the package, neither can sign in', async () => {
    const served = await serve(kind, true);
    const { connect, said } = startRemote(served);
    connect().catch(() => {});
    const { code, error } = await (await startInspector(served)).call('read_note');

    expect(code).not.toBe(0);
    expect(error).toMatch(/regist/i);
    await expect.poll(said, { timeout: 20_000 }).toMatch(/regist/i);
  });
});
