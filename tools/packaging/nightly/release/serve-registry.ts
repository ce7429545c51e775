/**
 * A program: Verdaccio with one account that may publish. Its argument is an empty folder. It is a separate process,
 * because Verdaccio answers a sign-up with the token.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ConfigBuilder, runServer } from 'verdaccio';

/** The message that this program sends when it listens. */
export interface RegistryStarted {
  readonly origin: string;
  /** The file with the token of the account. */
  readonly npmrc: string;
}

const [, , folder = ''] = process.argv;
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
const npmrc = join(folder, 'npmrc');
await writeFile(npmrc, `//${host}/:_authToken=${await signUp(`http://${host}`)}\n`);
process.send?.({ origin: `http://${host}`, npmrc } satisfies RegistryStarted);

async function signUp(origin: string): Promise<string> {
  const name = 'rehearsal';
  const response = await fetch(`${origin}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, password: randomUUID() }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`the registry answered ${response.status} to a sign-up`);
  return token;
}
