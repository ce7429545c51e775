/** `dev` and `run` as programs, in front of real servers. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { command, program, settings } from './command.ts';
import { startGatedServer } from './gated-server.ts';
import { startHttpServer } from './servers/http-server.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const servers = fileURLToPath(new URL('./servers', import.meta.url));

interface Started {
  readonly url: string;
  readonly said: { output: string; errors: string };
  readonly exit: Promise<number | null>;
  until(text: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Ends as a reader of this stream, as `head` does. */
  stopReading(stream: 'stdout' | 'stderr'): void;
}

async function start(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  folder: string = servers,
): Promise<Started> {
  const [name = '', ...others] = words;
  const child = spawn(
    process.execPath,
    ['--conditions=development', main, name, '--port', '0', ...others],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        ...variables,
      },
    },
  );
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.errors += text;
  });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  // It ends by itself, or Node would not write its coverage.
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exit;
  });
  const until = async (text: RegExp) => {
    const found = await expect
      .poll(() => text.exec(said.output) ?? (child.exitCode === null ? undefined : said.errors))
      .toBeDefined()
      .then(() => text.exec(said.output));
    if (found === null) throw new Error(`it ended: ${said.errors}`);
    return found;
  };
  const [, url = ''] = await until(/(http:\/\/localhost:\d+\/mcp)/);
  return {
    url,
    said,
    exit,
    until,
    kill: (signal) => void child.kill(signal),
    stopReading: (stream) => void child[stream].destroy(),
  };
}

// The spaces keep it apart from the claims that other tests show.
const devToken = '{ "dev-token-12345-anonymous": { "client_id" : "me", "scopes" : [] } }';

function makePair() {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    x: publicKey.export({ format: 'jwk' }).x,
  };
}

async function callHello(url: string, token: string): Promise<unknown> {
  const response = await fetch(new URL('/tools/call', url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'hello', arguments: { name: 'World' } }),
  });
  return response.json();
}

const page = { Accept: 'text/html' };

async function expectPages(program: Started, token: string): Promise<void> {
  const landing = await fetch(new URL('/', program.url), { headers: page });
  expect(landing.status).toBe(200);
  expect(await landing.text()).toContain(
    `codex mcp add local-${new URL(program.url).port} --url ${program.url}`,
  );

  const [, link = ''] = await program.until(/Live view\s+(http:\S+)/);
  const view = await (await fetch(link, { headers: page })).text();
  const [, key = ''] = /name="live-view-key" content="([^"]+)"/.exec(view) ?? [];
  const headers = { 'X-Live-View': key };
  const answer = await fetch(`${program.url}?live-view=state`, { headers });
  const state = (await answer.json()) as { keysAgeSeconds?: number };
  expect(state).toMatchObject({ totals: { accepted: 1, limited: 0 } });
  expect(state.keysAgeSeconds).toBeGreaterThanOrEqual(0);

  const explain = async (pasted: string) => {
    const body = JSON.stringify({ token: pasted });
    const answer = await fetch(`${program.url}?live-view=explain`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body,
    });
    return answer.json();
  };
  expect(await explain(token)).toMatchObject({ accepted: true, status: 200 });
  expect(await explain('eyJhbGciOiJub25lIn0.e30.')).toMatchObject({ accepted: false, status: 401 });
  // The next link is for another browser.
  await program.until(/The live view is open[\s\S]*live-view=/);
}

const hello = { content: [{ type: 'text', text: 'Hello, World!' }] };

describe('dev', () => {
  it('puts a module of the first SDK line behind the gate, and starts it anew when it changes', async () => {
    const folder = mkdtempSync(join(servers, 'reload-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'server.ts');
    copyFileSync(join(servers, 'server-v1.ts'), file);
    const program = await start(['dev', '--curl', 'server.ts'], {}, folder);
    const { output: token } = await command(['token', '--url', program.url]);

    expect(await callHello(program.url, token.trim())).toMatchObject(hello);

    writeFileSync(file, readFileSync(file, 'utf8').replace('Hello, ', 'Good day, '));
    await program.until(/upstream_reloaded/);

    expect(await callHello(program.url, token.trim())).toMatchObject({
      content: [{ text: 'Good day, World!' }],
    });
    expect((await fetch(new URL('/mcp/tools/list', program.url))).status).toBe(401);

    program.kill('SIGTERM');
    expect(await program.exit).toBe(0);
  });

  it('puts a command behind the gate: here a module of the second SDK line', async () => {
    const program = await start(['dev', '--curl', 'server-v2.ts']);
    const [, token = ''] = await program.until(/^TOKEN=(\S+)$/m);

    expect(await callHello(program.url, token)).toMatchObject(hello);
    await program.until(/✓ tools\/call hello/);
    expect(program.said.output).not.toContain('undeclared');
    expect(await (await fetch(new URL('/health', program.url))).json()).toEqual({ status: 'ok' });
    await expectPages(program, token);
    program.kill('SIGINT');
    expect(await program.exit).toBe(0);
  });

  it.each([
    ['in production', ['dev', 'server-v1.ts'], { ENVIRONMENT: 'production' }, /Use "run"/],
    [
      'on a production platform',
      ['dev', 'server-v1.ts'],
      { K_SERVICE: 'notes' },
      /K_SERVICE says that this is production/,
    ],
    ['for other machines', ['dev', '--host', '0.0.0.0', 'server-v1.ts'], {}, /this machine alone/],
    ['without a server', ['dev'], {}, /--upstream[\s\S]*-- python server\.py[\s\S]*server\.ts/],
    ['for two servers', ['dev', 'server-v1.ts', '--', 'python', 'server.py'], {}, /not several/],
    ['for a file that does not exist', ['dev', 'nowhere.ts'], {}, /does not exist/],
  ])('does not start %s', async (_name, words, variables, problem) => {
    const { code, errors } = await command(words, { variables, folder: servers });

    expect(errors).toMatch(problem);
    expect(code).toBe(2);
  });
});

it.each([
  [
    'a program that is not there',
    ['dev', '--', 'no-such-program'],
    /no-such-program\n.*is not a program/,
  ],
  ['a module without a server', ['dev', 'http-server.ts'], /exports no MCP server.*"default" or/s],
])('dev does not start %s, and shows no token', async (_name, words, problem) => {
  const [name = '', ...others] = words;
  const ended = await program([name, '--port', '0', ...others], { folder: servers });

  expect(ended.errors).toMatch(problem);
  expect(ended.output).not.toContain('TOKEN');
  expect(ended.code).toBe(78);
});

describe('run', () => {
  it('PAGE-06: puts a server that speaks HTTP behind the configured gate, and logs JSON', async () => {
    const upstream = await startHttpServer();
    const provider = await startGatedServer();
    onTestFinished(async () => {
      upstream.close();
      await provider.close();
    });
    const program = await start(
      ['run', '--curl', '--documentation', 'https://docs.example.com/', '--upstream', upstream.url],
      provider.variables,
    );
    const [, port = ''] = await program.until(/"port":(\d+)/);
    const address = `http://localhost:${port}/tools/call`;
    const token = await provider.authorizationServer.issueToken({ scopes: ['read:data'] });
    const ask = (authorization: string) =>
      fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: authorization },
        body: JSON.stringify({ name: 'hello' }),
      });

    expect(await (await ask(`Bearer ${token}`)).json()).toMatchObject({
      claims: {
        iss: provider.url,
        aud: upstream.url,
        sub: `${provider.authorizationServer.issuer}#developer`,
      },
    });
    expect((await ask('Bearer wrong')).status).toBe(401);
    await program.until(/"documentation":"https:\/\/docs\.example\.com\/errors\/token_malformed"/);

    // There is a page, and no live view.
    const look = (path: string) =>
      fetch(`http://localhost:${port}${path}`, { headers: page }).then((answer) => answer.text());
    const { pathname } = new URL(upstream.url);
    expect(await look(pathname)).toContain('This is an MCP server.');
    expect(await look(`${pathname}?live-view`)).not.toMatch(/live.view/i);
    expect(program.said.output).not.toMatch(/live.view/i);

    upstream.close();
    expect((await fetch(`http://localhost:${port}/health`)).status).toBe(503);
    // A restart of the gate would not help: what a liveness probe asks stays good.
    const alive = `http://localhost:${port}/.well-known/oauth-protected-resource`;
    expect((await fetch(alive)).status).toBe(200);

    program.kill('SIGTERM');
    expect(await program.exit).toBe(0);
    for (const line of program.said.output.trim().split('\n')) {
      if (line.startsWith('{')) expect(JSON.parse(line)).toHaveProperty('severity');
    }
  });

  it('signs with the configured key, publishes the others, and lists only what a caller may use', async () => {
    const upstream = await startHttpServer();
    const provider = await startGatedServer();
    onTestFinished(async () => {
      upstream.close();
      await provider.close();
    });
    const made = JSON.parse((await command(['keygen', 'assertion', '--json'])).output);
    const [{ x, kid }] = made.public.jwks.keys;
    const [next, last] = [makePair(), makePair()];
    const program = await start(['run', '--curl', '--upstream', upstream.url], {
      ...provider.variables,
      FASTMCP_SERVER_AUTH_TOOL_SCOPES: '{"read_note": ["read:data"], "write_note": ["write:data"]}',
      FASTMCP_SERVER_AUTH_ASSERTION_KEY: made.secret,
      FASTMCP_SERVER_AUTH_ASSERTION_PUBLISHED_KEYS: next.publicKey + last.publicKey,
    });
    const [, port = ''] = await program.until(/"port":(\d+)/);
    const ask = async (path: string, scopes: readonly string[]) => {
      const token = await provider.authorizationServer.issueToken({ scopes });
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`http://localhost:${port}${path}`, { headers });
      // biome-ignore lint/suspicious/noExplicitAny: what the server behind the gate says.
      return (await response.json()) as any;
    };
    const { keys } = await ask('/.well-known/sallyport-assertion-keys.json', []);
    const reader = await ask('/mcp/tools/list', ['read:data']);
    const writer = await ask('/mcp/tools/list', ['read:data', 'write:data']);

    expect(keys.map(({ x }: { x: string }) => x)).toEqual([x, next.x, last.x]);
    expect(reader.header).toMatchObject({ typ: 'sallyport-assertion+jwt', kid });
    expect(reader.tools).toEqual([{ name: 'read_note' }]);
    expect(writer.tools).toEqual([{ name: 'read_note' }, { name: 'write_note' }]);
    expect(program.said.output).not.toContain('assertion_key_random');
  });

  it.each([
    ['a setting is wrong', { FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'RS257' }, 'JWT_ALGORITHM', 78],
    ['the port is in use', {}, 'in use by another program', 1],
  ])(
    'does not start where %s, and exits with the code of the README',
    async (_name, wrong, problem, code) => {
      const provider = await startGatedServer();
      onTestFinished(provider.close);
      const { port } = new URL(provider.url);
      const ended = await program(['run', '--port', port, 'server-v2.ts'], {
        variables: { ...provider.variables, ...wrong },
        folder: servers,
      });

      expect(ended.errors).toContain(problem);
      expect(ended.code).toBe(code);
    },
  );

  it('refuses an address of the documentation that is none', async () => {
    const { code, errors } = await command(['run', '--documentation', 'docs', 'server-v1.ts'], {
      variables: { FASTMCP_SERVER_AUTH_TYPE: 'jwt' },
      folder: servers,
    });

    expect(errors).toBe('--documentation must be an absolute URL without query and fragment\n');
    expect(code).toBe(2);
  });

  it('says that a command gets no assertion, and lists only what a caller may use', async () => {
    const provider = await startGatedServer();
    onTestFinished(provider.close);
    const made = JSON.parse((await command(['keygen', 'assertion', '--json'])).output);
    const program = await start(['run', '--curl', 'server-v2.ts'], {
      ...provider.variables,
      FASTMCP_SERVER_AUTH_TOOL_SCOPES: '{"hello": ["write:data"]}',
      FASTMCP_SERVER_AUTH_ASSERTION_KEY: made.secret,
    });
    const [, port = ''] = await program.until(/"port":(\d+)/);
    const list = async (scopes: readonly string[]) => {
      const token = await provider.authorizationServer.issueToken({ scopes });
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`http://localhost:${port}/mcp/tools/list`, { headers });
      return (await response.json()) as { readonly tools: readonly unknown[] };
    };

    await program.until(/"assertion_key_unused"[^\n]*Remove FASTMCP_SERVER_AUTH_ASSERTION_KEY/);
    expect((await list(['read:data', 'write:data'])).tools).toHaveLength(1);
    expect((await list(['read:data'])).tools).toEqual([]);
  });

  it('MCP-22: refuses a command where everybody may call a tool', async () => {
    const variables = {
      ...settings({ TYPE: 'static', STATIC_TOKENS: devToken, ANONYMOUS_TOOLS: 'search' }),
      PORT: '0',
    };
    const { code, errors } = await command(['run', 'server-v1.ts'], { folder: servers, variables });

    expect(errors).toContain('FASTMCP_SERVER_AUTH_ANONYMOUS_TOOLS');
    expect(errors).toContain('no process starts for a caller without a token');
    expect(code).toBe(78);
  });

  it('refuses to start without settings, and names dev', async () => {
    const { code, errors } = await command(['run', 'server-v1.ts'], { folder: servers });

    expect(errors).toMatch(/FASTMCP_SERVER_AUTH_TYPE[\s\S]*"sallyport dev"/);
    expect(code).toBe(78);
  });
});

describe('OPS-06: output without a reader', () => {
  it('ends dev and its child processes, with 141', async () => {
    const folder = mkdtempSync(join(servers, 'closed-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const module = `import { writeFileSync } from 'node:fs';
      writeFileSync('child.pid', String(process.pid));
      export { server } from '../server-v2.ts';`;
    writeFileSync(join(folder, 'server.ts'), module);
    const started = await start(['dev', '--curl', 'server.ts'], {}, folder);
    const [, token = ''] = await started.until(/^TOKEN=(\S+)$/m);
    expect(await callHello(started.url, token)).toMatchObject(hello);
    const child = Number(readFileSync(join(folder, 'child.pid'), 'utf8'));

    started.stopReading('stdout');
    await callHello(started.url, token).catch(() => {});

    expect(await started.exit).toBe(141);
    expect(started.said.errors).toBe('');
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it.each([
    ['help', 'stdout', ['--help']],
    ['keygen', 'stdout', ['keygen', 'hmac']],
    ['run without settings', 'stderr', ['run', '--upstream', 'http://127.0.0.1:9/mcp']],
  ] as const)('ends %s with 141, without a stack trace', async (_case, stream, words) => {
    const child = spawn(process.execPath, ['--conditions=development', main, ...words], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    });
    let said = '';
    for (const each of [child.stdout, child.stderr]) {
      each.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child[stream].destroy();

    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(141);
    expect(said).not.toMatch(/EPIPE|^\s+at /m);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
