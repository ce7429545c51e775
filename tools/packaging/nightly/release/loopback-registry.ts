/** Verdaccio on a free port of this machine: a registry that takes what npm takes, and passes nothing on. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigBuilder, runServer } from 'verdaccio';

export interface LoopbackRegistry {
  /** Such as `http://127.0.0.1:4873`. */
  readonly origin: string;
  /** What `changeset publish` needs in its environment to publish here. */
  readonly publisher: Readonly<Record<string, string>>;
  /** The published versions of a package, with the address and the digest of each tarball. */
  readVersions(name: string): Promise<Readonly<Record<string, PublishedVersion>>>;
  stop(): Promise<void>;
}

export interface PublishedVersion {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dist: { readonly tarball: string; readonly integrity: string };
}

/** Starts an empty registry with one account that may publish. */
export async function startLoopbackRegistry(): Promise<LoopbackRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'verdaccio-'));
  const rights = { access: '$all', publish: '$authenticated' };
  const configuration = ConfigBuilder.build({
    config_path: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: {},
    packages: { '@sallyport/*': rights, sallyport: rights },
    web: { enable: false },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  }).getConfig();
  const application = await runServer({ ...configuration, self_path: folder });
  const server: Server = application.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  const npmrc = join(folder, 'npmrc');
  await writeFile(npmrc, `//${host}/:_authToken=${await signUp(origin)}\n`);
  return {
    origin,
    publisher: {
      npm_config_userconfig: npmrc,
      npm_config_registry: `${origin}/`,
      PNPM_CONFIG_REGISTRY: `${origin}/`,
    },
    async readVersions(name) {
      const response = await fetch(`${origin}/${name.replace('/', '%2f')}`);
      if (response.status === 404) return {};
      const { versions } = (await response.json()) as {
        versions: Record<string, PublishedVersion>;
      };
      return versions;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function signUp(origin: string): Promise<string> {
  const name = 'rehearsal';
  const response = await fetch(`${origin}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password: crypto.randomUUID() }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`the registry answered ${response.status} to a sign-up`);
  return token;
}
