/** Verifies AWS Signature Version 4, as the published documentation describes it. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/secretsmanager\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** The key that must sign a request, and the region. */
export interface Signer {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The name of AWS's error; `undefined` when the signature is valid. */
export function findSignatureFault(
  request: IncomingMessage,
  body: string,
  { region, accessKeyId, secretAccessKey }: Signer,
): string | undefined {
  const { headers, method, url = '/' } = request;
  const [, id, day = '', signedRegion, names = '', signature] =
    form.exec(headers.authorization ?? '') ?? [];
  if (id === undefined) return 'MissingAuthenticationTokenException';
  if (id !== accessKeyId) return 'UnrecognizedClientException';
  if (signedRegion !== region) return 'InvalidSignatureException';
  const canonicalHeaders = names
    .split(';')
    .map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
    .join('');
  const [path, query = ''] = url.split('?', 2);
  const canonical = [method, path, query, canonicalHeaders, names, sha256(body)].join('\n');
  const scope = `${day}/${region}/secretsmanager/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, 'secretsmanager', 'aws4_request'].reduce<Buffer | string>(
    (last, part) => hmac(last, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'InvalidSignatureException';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
