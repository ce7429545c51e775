/** Row SEC-17: Application Default Credentials, found as on Cloud Run, or not found at all. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { trusted } from '@sallyport/test-parts/certificates';
import { type MetadataServer, startMetadataServer } from '@sallyport/test-parts/google-cloud';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { canary, start, until } from './set-up.ts';

const execute = promisify(execFile);
// Each process would compile Google's libraries again.
const compiled = mkdtempSync(join(tmpdir(), 'compiled-'));
afterAll(() => rm(compiled, { recursive: true }));
const accessToken = 'ya29.token-of-the-service-account';
// Processes that load half of Google's libraries, on a machine with other things to do.
const timeout = 90_000;
// On Cloud Run, and only on Google's machines, the metadata server is waited for however late it is.
const onCloudRun = { K_SERVICE: 'mcp' };

/** Runs the process against a server that takes one access token only, and answers when `isOpen`. */
async function run(
  environment: Readonly<Record<string, string>>,
  token: string | null = accessToken,
  isOpen: () => boolean = () => true,
) {
  const tls = { certificate: trusted.cert, privateKey: trusted.key };
  const server = await start({
    secrets: { key: canary },
    tls,
    ...(token !== null && { accessToken: token }),
  });
  const home = await mkdtemp(join(tmpdir(), 'credentials-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const roots = join(home, 'roots.pem');
  await writeFile(roots, trusted.cert);
  const script = fileURLToPath(new URL('./credentials-run.ts', import.meta.url));
  const flags = [
    ...process.execArgv,
    '--disable-warning=ExperimentalWarning',
    script,
    String(await startGate(server.port, isOpen)),
  ];
  const { stdout, stderr } = await execute(process.execPath, flags, {
    timeout: timeout - 10_000,
    env: {
      NODE_COMPILE_CACHE: compiled,
      HOME: home,
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: roots,
      ...environment,
    },
  });
  return { ...JSON.parse(stdout), stderr, accesses: server.accesses() };
}

async function openMetadataServer(token: string, refusals?: number): Promise<MetadataServer> {
  const server = await startMetadataServer(token, refusals);
  onTestFinished(() => server.close());
  return server;
}

/** Takes connections to another port, and passes nothing on before `isOpen`. */
async function startGate(port: number, isOpen: () => boolean): Promise<number> {
  const gate = createServer(async (socket) => {
    socket.on('error', () => {});
    await until(isOpen);
    const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  onTestFinished(() => void gate.close());
  return (gate.address() as AddressInfo).port;
}

it('takes the token of the service account, as on Cloud Run (SEC-17)', { timeout }, async () => {
  const { host, asked } = await openMetadataServer(accessToken);
  const programs = await mkdtemp(join(tmpdir(), 'programs-'));
  onTestFinished(() => rm(programs, { recursive: true }));
  await writeFile(join(programs, 'gcloud'), '#!/bin/sh\n: > "$0.run"\n', { mode: 0o755 });
  const outcome = await run(
    { ...onCloudRun, GCE_METADATA_HOST: host, PATH: `${programs}:/usr/bin:/bin` },
    accessToken,
    // The connection cannot open before the token is asked for.
    () => asked.length > 0,
  );

  expect(outcome).toMatchObject({ first: canary, second: canary, stderr: '', accesses: 1 });
  // The project is known: no program and no server has to be asked for it.
  expect(await readdir(programs)).toEqual(['gcloud']);
  expect(asked).toEqual(['token']);
  // 250 ms and 37 MB, for those who have nothing to read.
  expect(outcome.loaded).toEqual([false, true]);
});

it('prints no payload, although the client can be told to print (SEC-19)', {
  timeout,
}, async () => {
  const { first, stderr } = await run({
    ...onCloudRun,
    GCE_METADATA_HOST: (await openMetadataServer(accessToken)).host,
    GOOGLE_SDK_NODE_LOGGING: '*',
  });

  expect(first).toBe(canary);
  expect(stderr).toContain('secret-manager');
  for (const encoded of [canary, btoa(canary), [...Buffer.from(canary)].join(',')]) {
    expect(stderr).not.toContain(encoded);
  }
});

it('has patience with a machine that hands its token out late (SEC-04, SEC-17)', {
  timeout,
}, async () => {
  const outcome = await run({
    ...onCloudRun,
    GCE_METADATA_HOST: (await openMetadataServer(accessToken, 2)).host,
    METADATA_SERVER_DETECTION: 'assume-present',
  });

  expect(outcome).toMatchObject({ first: canary, second: canary, accesses: 1 });
});

it('finds credentials that were not there at first (SEC-17)', { timeout }, async () => {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const serviceAccount = JSON.stringify({
    type: 'service_account',
    client_email: 'mcp@test-project.iam.gserviceaccount.com',
    private_key: key.export({ type: 'pkcs8', format: 'pem' }),
  });
  // It signs its tokens itself: whatever it sends is taken.
  const { first, second } = await run(
    { METADATA_SERVER_DETECTION: 'none', LATER: serviceAccount },
    null,
  );

  expect(first).toContain('Could not load the default credentials');
  expect(second).toBe(canary);
});

it('says that a token is not taken (SEC-01, SEC-17)', { timeout }, async () => {
  const outcome = await run({
    ...onCloudRun,
    GCE_METADATA_HOST: (await openMetadataServer('ya29.another')).host,
  });

  expect(outcome.first).toMatch(/^secret key: 16 .* To allow it: gcloud secrets add-iam-policy/);
  expect(JSON.stringify(outcome)).not.toContain('ya29');
  expect(outcome.accesses).toBe(0);
});

it('says that there are no credentials, at once, and survives it (SEC-17)', {
  timeout,
}, async () => {
  const { first, second, ms, events } = await run({ METADATA_SERVER_DETECTION: 'none' });

  expect(first).toMatch(/^secret key: .*Could not load the default credentials/);
  expect(first).toContain('gcloud auth application-default login');
  expect(second).toBe(first);
  expect(ms).toBeLessThan(20_000);
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'secret_access_denied', remedy: 'gcloud auth application-default login' },
    { type: 'secret_unavailable', fault: 'credentials_missing' },
  ]);
});
