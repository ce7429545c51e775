import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { type AuditReport, audit, themes } from '@sallyport/testing/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { misbehave } from './audit/broken-server.ts';
import type { Defect } from './audit/defect.ts';
import { defects } from './audit/defects.ts';
import { type AuditedServer, type Host, startHardenedServer } from './audit/hardened-server.ts';
import { mintGood } from './audit/read-token.ts';
import { command } from './command.ts';

const onNode: Host = (gate, application) => nodeGate(gate, application as never) as RequestListener;

/** Failures, as a person reads them. */
const failures = ({ findings }: AuditReport) =>
  findings
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, title, found }) => `${id} ${title}: ${found}`);

const failed = ({ findings }: AuditReport) =>
  findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);

describe('a server behind our gate', () => {
  it('has grade A on node:http', async () => {
    const server = await startHardenedServer(onNode);
    try {
      const light = themes.filter((theme) => theme !== 'limits');
      const report = await audit(server.url, { ...server.options, themes: light });

      expect(failures(report)).toEqual([]);
      expect(report).toMatchObject({ grade: 'A', counts: { 'left-out': 0 } });
      expect(report.counts.pass).toBeGreaterThan(400);
      expect(server.writes()).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('has grade A over HTTP/2', async () => {
    const server = await startHardenedServer(
      onNode,
      (listener) => createHttp2Server(listener as never) as unknown as Server,
    );
    try {
      const report = await audit(server.url, { ...server.options, themes: ['http2'] });

      expect(failures(report)).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe('the command', () => {
  let server: AuditedServer;
  let folder: string;
  beforeAll(async () => {
    server = await startHardenedServer(onNode);
    folder = await mkdtemp(join(tmpdir(), 'sallyport-audit-'));
    await writeFile(join(folder, 'issuer.jwk'), JSON.stringify(server.jwk));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const run = (...words: string[]) =>
    command(['audit', server.url, '--rate', '10000', ...words], { folder });
  const withKey = () => ['--issuer-key', 'issuer.jwk', '--issuer', server.issuer];

  it('ends with 0 and a grade, and says what it left out', async () => {
    const { code, output } = await run('--theme', 'metadata', 'audience');

    expect(code).toBe(0);
    expect(output).toMatch(/Grade B: no failure, but 26 rows about tokens were left out/);
    expect(output).toMatch(/26 rows: needs a token|26 rows: needs a test issuer/);
    expect(output).toContain('--issuer-key');
  });

  it('takes the key of a test issuer', async () => {
    const { code, output } = await run('--theme', 'audience', ...withKey());

    expect(code).toBe(0);
    expect(output).toContain('Grade A: no failure');
  });

  it('takes a token from standard input', async () => {
    const { code, output } = await command(
      ['audit', server.url, '--token', '--row', 'control-01', 'token-form-03'],
      { input: await mintGood(server) },
    );

    expect(code).toBe(0);
    expect(output).toContain('2 passed');
  });

  it('ends with 1 if a row fails, and shows no token', async () => {
    const other = ['--resource', 'https://other.example/mcp', '--audience', server.url];
    const { code, output } = await run('--row', 'metadata-02', ...other, ...withKey());

    expect(code).toBe(1);
    expect(output).toContain('metadata-02  medium');
    expect(output).toContain('Grade C: 1 medium, such as metadata-02');
    expect(output).not.toContain('eyJ');
  });

  it('writes JSON, HTML and SARIF to standard output or to a file', async () => {
    const row = ['--row', 'metadata-02', '--resource', 'https://other.example/<b>'];
    const json = JSON.parse((await run('--json', ...row)).output);
    await run('--format', 'html', '--output', 'audit.html', ...row);
    const html = await readFile(join(folder, 'audit.html'), 'utf8');
    const sarif = JSON.parse((await run('--format', 'sarif', ...row)).output);

    expect(json).toMatchObject({ grade: 'C', counts: { fail: 1 } });
    expect(html).toContain('Grade C');
    expect(html).toContain('&lt;b&gt;');
    expect(html).not.toContain('<b>&quot;');
    expect(html).not.toContain('example/<b>');
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'metadata-02', level: 'warning' }] }],
    });
  });

  it.each([
    ['an unknown format', ['--format', 'pdf'], '--format takes one of text, json, html, sarif'],
    ['an unknown theme', ['--theme', 'x'], 'themes: x is unknown'],
    ['an unknown row', ['--row', 'x'], 'there is no row x'],
    ['a rate of zero', ['--rate', '0'], 'requestsPerSecond: must be a number from 1 to 10000'],
    ['an issuer without a key', ['--issuer', 'https://a.example'], 'name its file'],
    ['a key without an issuer', ['--issuer-key', 'issuer.jwk'], '--issuer-key needs --issuer'],
    ['a file without a key', ['--issuer-key', 'audit.html', '--issuer', 'x'], 'a private key'],
  ])('ends with 2 for %s', async (_what, words, sentence) => {
    const { code, errors } = await run(...words);

    expect(code).toBe(2);
    expect(errors).toContain(sentence);
  });

  it('ends with 1 if no server answers, and warns before it audits another machine', async () => {
    const here = await command(['audit', 'http://127.0.0.1:9/mcp']);
    const elsewhere = await command(['audit', 'http://audit.invalid/mcp']);

    expect(here).toMatchObject({ code: 1, errors: expect.stringContaining('does not answer') });
    expect(here.errors).not.toContain('responsible');
    expect(elsewhere.errors).toContain('Audit only servers that you are responsible for');
  });
});

/** Mistakes that let a stranger in. */
const fatal: ReadonlySet<string> = new Set([
  ...['checks nothing', 'accepts alg none', 'does not check the audience'],
  ...['lets a read token write', 'does not bind sessions'],
]);

describe('a broken server', () => {
  let server: AuditedServer;
  let defect: Defect | undefined;
  beforeAll(async () => {
    server = await startHardenedServer((gate, application) => {
      const gated = onNode(gate, application);
      return async (request, response) => {
        if (defect !== undefined && (await misbehave(defect, server, request, response))) return;
        gated(request, response);
      };
    });
  });
  afterAll(() => server.close());

  it.each(defects)('is found if it $name', async (broken) => {
    defect = broken;
    const isHanging = broken.name.startsWith('hangs');
    try {
      const report = await audit(server.url, {
        ...server.options,
        rows: broken.found,
        ...(broken.isPublic && { isPublic: true }),
        ...(isHanging && { timeoutMs: 500 }),
      });

      expect(failed(report).sort()).toEqual([...broken.found].sort());
      expect(report.grade === 'F' || !fatal.has(broken.name)).toBe(true);
    } finally {
      defect = undefined;
    }
  });
});

describe('a server of Node.js with a wrong setting', () => {
  const readsFirst: Host = (gate, application) => {
    const gated = onNode(gate, application);
    return (request, response) => {
      request.once('end', () => gated(request, response));
      request.resume();
    };
  };
  const http2 = (listener: RequestListener) =>
    createHttp2Server(listener as never) as unknown as Server;

  it.each([
    {
      name: 'has no limit for slow connections',
      found: ['limits-09', 'limits-10'],
      host: onNode,
      listen: (listener: RequestListener) =>
        createServer({ headersTimeout: 0, requestTimeout: 0 }, listener),
    },
    {
      name: 'reads the body before the check',
      found: ['challenge-29'],
      host: readsFirst,
      listen: createServer,
    },
    {
      name: 'asks strangers for the body',
      found: ['challenge-30'],
      host: onNode,
      listen: (listener: RequestListener) =>
        createServer(listener).on('checkContinue', (request, response) => {
          response.writeContinue();
          listener(request, response);
        }),
    },
    {
      name: 'parses HTTP insecurely',
      found: ['smuggling-01'],
      host: onNode,
      listen: (listener: RequestListener) => createServer({ insecureHTTPParser: true }, listener),
    },
    {
      name: 'checks nothing over HTTP/2',
      found: ['http2-02', 'http2-03', 'http2-04'],
      host: (() => (_request, response) => void response.end('{"result":1}')) as Host,
      listen: http2,
    },
  ])('is found if it $name', async ({ found, host, listen }) => {
    const broken = await startHardenedServer(host, listen);
    try {
      const report = await audit(broken.url, { ...broken.options, rows: found, slowSeconds: 2 });

      expect(failed(report).sort()).toEqual(found);
    } finally {
      await broken.close();
    }
  });
});
