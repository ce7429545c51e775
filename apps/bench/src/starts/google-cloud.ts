/** What a start on Cloud Run needs of Google Cloud, on the loopback interface. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSecretManager } from '@sallyport/testing/secret-manager';

/** A Secret Manager, and how a server finds it. */
export interface GoogleCloud {
  /** All settings of the server that depend on its secrets. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const host = 'secretmanager.googleapis.com';
const projectId = 'acme-notes';
const accessToken = `ya29.${randomBytes(24).toString('hex')}`;
const prefix = 'FASTMCP_SERVER_AUTH_';

/**
 * Starts a Secret Manager with the secrets of an HS256 key, a metadata server with the identity of the service, and
 * a proxy that leads the name of the real Secret Manager to this one.
 *
 * @param answerMs How long Secret Manager takes for each answer.
 */
export async function startGoogleCloud(
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
  answerMs: number,
): Promise<GoogleCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'google-cloud-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-x509'],
    ...['-keyout', key, '-out', certificate],
    ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`],
  ]);
  const secretManager = await startSecretManager({
    projectId,
    accessToken,
    tls: {
      privateKey: await readFile(key, 'utf8'),
      certificate: await readFile(certificate, 'utf8'),
    },
    secrets: {
      'jwt-issuer': issuer,
      'jwt-audience': audience,
      'hmac-secret-key': randomBytes(48).toString('base64'),
    },
  });
  secretManager.fault({ kind: 'delay', milliseconds: answerMs });
  const metadata = await listen(createServer(answerMetadata));
  const proxy = await listen(createProxy(secretManager.port));
  return {
    variables: {
      [`${prefix}SECRET_BACKEND`]: 'gcp_secret_manager',
      [`${prefix}JWT_ALGORITHM`]: 'HS256',
      GCP_PROJECT_ID: projectId,
      GCE_METADATA_HOST: `127.0.0.1:${metadata.port}`,
      NODE_EXTRA_CA_CERTS: certificate,
      grpc_proxy: `http://127.0.0.1:${proxy.port}`,
    },
    async stop() {
      await secretManager.stop();
      for (const { server } of [metadata, proxy]) server.close();
      await rm(folder, { recursive: true });
    },
  };
}

const answerMetadata: RequestListener = ({ url = '' }, response) => {
  response.setHeader('Metadata-Flavor', 'Google');
  if (!url.includes('/token')) return void response.end('googleapis.com');
  response.setHeader('Content-Type', 'application/json');
  response.end(
    JSON.stringify({ access_token: accessToken, expires_in: 3_600, token_type: 'Bearer' }),
  );
};

/** Leads every CONNECT to one port of this machine, whatever name it asks for. */
function createProxy(port: number): Server {
  return createServer().on('connect', (_request, socket) => {
    const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
}

async function listen(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
