/** What a program on Google Cloud finds around it, on the loopback interface. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The name that clients of Secret Manager connect to. */
export const secretManagerHost = 'secretmanager.googleapis.com';

/** A key and a self-signed certificate in PEM. */
export interface Certificate {
  readonly privateKey: string;
  readonly certificate: string;
}

/** Makes a certificate of the real Secret Manager's name. It needs `openssl`. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-x509'];
  const name = [
    ...['-subj', `/CN=${secretManagerHost}`],
    ...['-addext', `subjectAltName=DNS:${secretManagerHost}`],
  ];
  try {
    execFileSync('openssl', ['req', ...curve, '-keyout', key, '-out', certificate, ...name], {
      stdio: 'pipe',
    });
    return {
      privateKey: readFileSync(key, 'utf8'),
      certificate: readFileSync(certificate, 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The metadata server of a machine or a service, which knows the token of its service account. */
export interface MetadataServer {
  /** Host and port, for `GCE_METADATA_HOST`. */
  readonly host: string;
  /** The last part of each path that was answered. */
  readonly asked: readonly string[];
  close(): void;
}

/** @param refusals How many requests it refuses at first. */
export async function startMetadataServer(token: string, refusals = 0): Promise<MetadataServer> {
  let remaining = refusals;
  const asked: string[] = [];
  const answers: Readonly<Record<string, readonly [type: string, body: string]>> = {
    token: [
      'application/json',
      JSON.stringify({ access_token: token, expires_in: 3_599, token_type: 'Bearer' }),
    ],
    'universe-domain': ['text/plain', 'googleapis.com'],
  };
  const server = createServer(({ url = '' }, response) => {
    if (remaining > 0) {
      remaining -= 1;
      response.writeHead(403).end();
      return;
    }
    const last = new URL(url, 'http://metadata').pathname.split('/').at(-1) ?? '';
    asked.push(last);
    const [type, body] = answers[last] ?? ['text/plain', ''];
    response.writeHead(200, { 'Metadata-Flavor': 'Google', 'Content-Type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, asked, close: () => void server.close() };
}
