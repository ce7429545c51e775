/** What a start on Cloud Run needs of Google Cloud, on the loopback interface. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate, startMetadataServer } from '@sallyport/test-parts/google-cloud';
import { startSecretManager } from '@sallyport/testing/secret-manager';

/** A Secret Manager, and how a server finds it. */
export interface GoogleCloud {
  /** All settings of the server that depend on its secrets. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

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
  const authority = join(folder, 'certificate.pem');
  const tls = makeCertificate();
  await writeFile(authority, tls.certificate);
  const secretManager = await startSecretManager({
    projectId,
    accessToken,
    tls,
    secrets: {
      'jwt-issuer': issuer,
      'jwt-audience': audience,
      'hmac-secret-key': randomBytes(48).toString('base64'),
    },
  });
  secretManager.fault({ kind: 'delay', milliseconds: answerMs });
  const metadata = await startMetadataServer(accessToken);
  const proxy = await startProxy(secretManager.port);
  return {
    variables: {
      [`${prefix}SECRET_BACKEND`]: 'gcp_secret_manager',
      [`${prefix}JWT_ALGORITHM`]: 'HS256',
      GCP_PROJECT_ID: projectId,
      GCE_METADATA_HOST: metadata.host,
      NODE_EXTRA_CA_CERTS: authority,
      grpc_proxy: proxy.url,
    },
    async stop() {
      await secretManager.stop();
      for (const server of [metadata, proxy]) server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Leads every CONNECT to one port of this machine, whatever name it asks for. */
async function startProxy(port: number) {
  const server = createServer().on('connect', (_request, socket) => {
    const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${own}`, close: () => void server.close() };
}
