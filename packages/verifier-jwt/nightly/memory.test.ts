/** What a hostile JWK set costs in memory, measured in a process that does nothing else. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { startAuthorizationServer } from '@sallyport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { audience } from '../test/fixture.ts';
import type { MemoryReport } from './memory-run.ts';

const script = fileURLToPath(new URL('./memory-run.ts', import.meta.url));

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const allowed = 5_000_000;
const inflated = 60_000_000;
const set = Buffer.alloc(inflated, ' ');
set.write('{"keys":[');
set.write(']}', inflated - 2);
const bomb = gzipSync(set, { level: 9 });

function answerWith(body: Uint8Array, encoding: string): Answer {
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': encoding };
  return (_request, response) => response.writeHead(200, headers).end(body);
}

/** As much without any compression, and as fast as it is taken. */
const endless: Answer = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const chunk = Buffer.alloc(65_536, ' ');
  const chunks = Readable.from(Array.from({ length: inflated / chunk.length }, () => chunk));
  // The reader hangs up.
  pipeline(chunks, response).catch(() => {});
};

/** Lets a process get usual keys until it is ready, and then something else. */
async function run(way: 'guarded' | 'plain', hostile: Answer): Promise<MemoryReport> {
  const server = await startAuthorizationServer({
    algorithm: 'ES256',
    resources: [{ resource: audience, scopes: ['read'] }],
  });
  const keys = Buffer.from(await (await fetch(server.jwksUri)).arrayBuffer());
  let answer = answerWith(gzipSync(keys), 'gzip');
  const origin = createServer((request, response) => answer(request, response));
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  const { port } = origin.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const token = await server.mintToken({ iss: issuer });

  // Node 22 has a warning about TypeScript.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const child = fork(script, [way, issuer, audience, token], { execArgv });
  onTestFinished(async () => {
    child.kill();
    origin.closeAllConnections();
    origin.close();
    await server.stop();
  });
  await once(child, 'message');
  answer = hostile;
  child.send('go');
  const [report] = (await once(child, 'message')) as [MemoryReport];
  return report;
}

describe('a JWK set of 60 MB', () => {
  it.each([
    ['in 58 KB of gzip', answerWith(bomb, 'gzip')],
    ['in two layers of gzip', answerWith(gzipSync(bomb), 'gzip, gzip')],
    ['as it is', endless],
  ])('%s costs less than 5 MB of memory, and no key (JWK-04)', async (_name, hostile) => {
    const report = await run('guarded', hostile);

    expect(report.outcome).toEqual({
      code: 'verified',
      event: { type: 'keys_unavailable', detail: 'keys: more than 262144 bytes' },
    });
    expect(report.heap).toBeLessThan(allowed);
    expect(report.resident).toBeLessThan(allowed);
  });

  it('costs all of it where nobody counts, so that the measure is right', async () => {
    expect(bomb.length).toBeLessThan(60_000);
    const report = await run('plain', answerWith(bomb, 'gzip'));

    expect(report.outcome).toBe(inflated);
    expect(report.heap).toBeGreaterThan(inflated);
    expect(report.resident).toBeGreaterThan(inflated);
  });
});
