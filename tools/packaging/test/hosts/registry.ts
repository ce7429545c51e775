/** The packages of this repository as npm would serve them: packed, and on a registry of this machine. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = new URL('../../../../', import.meta.url).pathname;

/** A registry with the packages of this repository only. */
export interface Registry {
  /** What a `.npmrc` must say, so that npm asks this registry for our packages and the usual one for others. */
  readonly npmrc: string;
  /** The tarball of each package, by the name of the package. */
  readonly tarballs: ReadonlyMap<string, Tarball>;
  stop(): Promise<void>;
}

export interface Tarball {
  readonly bytes: number;
  /** Such as `dist/index.js`. */
  readonly files: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Packs every package, and serves them on a free port of 127.0.0.1. */
export async function startRegistry(): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  await execute(
    'pnpm',
    ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder],
    { cwd: root, maxBuffer: 64 * 2 ** 20 },
  );
  const answers = new Map<string, Buffer | string>();
  const tarballs = new Map<string, Tarball>();
  const server = createServer(({ url = '' }, response) => {
    const answer = answers.get(decodeURIComponent(url));
    if (answer === undefined) response.writeHead(404);
    else if (typeof answer === 'string') response.setHeader('Content-Type', 'application/json');
    response.end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const file of await readdir(folder)) {
    const tarball = await readFile(join(folder, file));
    const manifest = await readManifest(join(folder, file));
    const { name, version } = manifest;
    const dist = {
      tarball: `${origin}/-/${file}`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    answers.set(`/-/${file}`, tarball);
    answers.set(
      `/${name}`,
      JSON.stringify({
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...manifest, dist } },
      }),
    );
    tarballs.set(name, { bytes: tarball.length, files: await listFiles(join(folder, file)) });
  }
  return {
    npmrc: `@sallyport:registry=${origin}/\n`,
    tarballs,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listFiles(tarball: string): Promise<readonly string[]> {
  const { stdout } = await execute('tar', ['-tzf', tarball]);
  return stdout
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

async function readManifest(tarball: string): Promise<Manifest> {
  const { stdout } = await execute('tar', ['-xzOf', tarball, 'package/package.json']);
  return JSON.parse(stdout);
}

/** Runs npm as a reader does. It connects to the registry of this machine without a proxy. */
export async function runNpm(words: readonly string[], cwd: string): Promise<void> {
  const direct = [process.env['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(',');
  const env = { ...process.env, NO_PROXY: direct, no_proxy: direct };
  await execute('npm', [...words, '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd,
    env,
    maxBuffer: 64 * 2 ** 20,
  });
}
