import { createHash, X509Certificate } from 'node:crypto';
import { isAuthError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import {
  type CertificateFormat,
  createMtlsConstraint,
  type MtlsConstraintOptions,
} from '../src/index.ts';
import { client, other } from './certificates.ts';

const der = (pem: string) => new X509Certificate(pem).raw;
const base64 = (pem: string) => der(pem).toString('base64');
const hex = (pem: string) => createHash('sha256').update(der(pem)).digest('hex');
const thumbprint = createHash('sha256').update(der(client.cert)).digest('base64url');
const escaped = (pem: string) => encodeURIComponent(pem);

/** `ok`, or the detail of the refusal. */
async function judge(format: CertificateFormat, fields: readonly string[]): Promise<string> {
  const mtls = createMtlsConstraint({ header: 'X-Cert', format, proxyReplacesHeader: true });
  const request = {
    method: 'POST',
    url: 'https://mcp.example.com/mcp',
    field: (name: string) => (name === 'x-cert' ? fields : []),
  };
  const context = { nowSeconds: 0, signal: new AbortController().signal };
  try {
    expect(await mtls.confirm({ thumbprint, token: 'token' }, request, context)).toEqual({});
    return 'ok';
  } catch (error) {
    if (!isAuthError(error)) throw error;
    expect(error.code).toBe('token_sender_constrained');
    return error.detail ?? '';
  }
}

/** A field with this certificate, in every format. */
const written: Readonly<Record<string, [CertificateFormat, (pem: string) => string]>> = {
  'Client-Cert (RFC 9440)': ['rfc9440', (pem) => `:${base64(pem)}:`],
  '$ssl_client_escaped_cert (nginx)': ['escaped-pem', escaped],
  'X-Amzn-Mtls-Clientcert-Leaf (AWS)': [
    'escaped-pem',
    // Which leaves these three as they are.
    (pem) => escaped(pem).replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '='),
  ],
  'ssl_c_der (HAProxy)': ['base64-der', base64],
  'x-forwarded-client-cert without Hash': ['xfcc', (pem) => `Cert="${escaped(pem)}"`],
  'x-forwarded-client-cert without Cert': ['xfcc', (pem) => `Hash=${hex(pem)};Subject="CN=client"`],
};

describe.each(Object.entries(written))('%s', (_name, [format, write]) => {
  it('is read, and held against the token', async () => {
    expect(await judge(format, [write(client.cert)])).toBe('ok');
    expect(await judge(format, [write(other.cert)])).toBe('another client certificate');
  });

  it('is refused when it is missing or empty', async () => {
    expect(await judge(format, [])).toBe('no client certificate');
    expect(await judge(format, [''])).toBe('no client certificate');
  });

  it('is refused when there are two, also the same', async () => {
    const field = write(client.cert);

    expect(await judge(format, [field, field])).toBe('several client certificates');
    expect(await judge(format, [`${field}, ${field}`])).toBe('malformed client certificate');
    expect(await judge(format, [`${field},${write(other.cert)}`])).toBe(
      'malformed client certificate',
    );
  });

  it.each([
    ['garbage', () => 'garbage'],
    ['another end', (field: string) => field.slice(0, -2)],
    ['another start', (field: string) => field.slice(1)],
    ['more behind it', (field: string) => `${field}x`],
    ['white space', (field: string) => ` ${field}`],
    ['no end', (field: string) => field.padEnd(40_000, 'A')],
  ])('is refused with %s', async (_fault, change) => {
    expect(await judge(format, [change(write(client.cert))])).toBe('malformed client certificate');
  });
});

it.each<[CertificateFormat, string]>([
  ['rfc9440', base64(client.cert)],
  ['rfc9440', '::'],
  ['rfc9440', `:${Buffer.from('no certificate').toString('base64')}:`],
  ['rfc9440', `:${Buffer.from(client.cert).toString('base64')}:`],
  ['rfc9440', `:${Buffer.concat([der(client.cert), der(other.cert)]).toString('base64')}:`],
  ['rfc9440', `:${base64(client.cert)}:;a=1`],
  ['base64-der', Buffer.concat([der(client.cert), Buffer.from([0])]).toString('base64')],
  ['base64-der', der(client.cert).toString('base64url')],
  ['escaped-pem', client.cert.replaceAll('\n', ' ').concat('%')],
  ['escaped-pem', escaped(client.cert + other.cert)],
  ['escaped-pem', escaped(client.cert.replace('BEGIN CERTIFICATE', 'BEGIN PUBLIC KEY'))],
  ['escaped-pem', escaped(`x${client.cert}`)],
  ['xfcc', `Hash=${hex(other.cert)};Cert="${escaped(client.cert)}"`],
  ['xfcc', `Hash=x;Cert="${escaped(client.cert)}"`],
  ['xfcc', `Hash=${hex(client.cert)};Hash=${hex(other.cert)}`],
  ['xfcc', `Cert="${escaped(client.cert)}";cert="${escaped(client.cert)}"`],
  ['xfcc', `Cert="${escaped(client.cert)}`],
  ['xfcc', 'By=spiffe://acme/mcp;Subject="CN=client"'],
  ['xfcc', `Subject="x";Hash=${hex(client.cert)},Hash=${hex(client.cert)}`],
  ['xfcc', `Subject=x",Hash=${hex(client.cert)}`],
])('refuses what is malformed: %s %.60j', async (format, field) => {
  expect(await judge(format, [field])).toBe('malformed client certificate');
});

it('reads x-forwarded-client-cert as Envoy writes it', async () => {
  const write = (pem: string) =>
    `By=spiffe://acme/mcp;Hash=${hex(pem)};Cert="${escaped(pem)}";Chain="${escaped(pem)}";Subject="CN=\\"a, b;c\\"";URI=;DNS=a;DNS=b`;

  expect(await judge('xfcc', [write(client.cert)])).toBe('ok');
  expect(await judge('xfcc', [write(other.cert)])).toBe('another client certificate');
});

it('takes no certificate out of a quoted name', async () => {
  const subject = `CN=x\\";Hash=${hex(client.cert)};a=\\"`;

  expect(await judge('xfcc', [`Hash=${hex(other.cert)};Subject="${subject}"`])).toBe(
    'another client certificate',
  );
});

it('tells the guard what it is for', () => {
  const options = { header: 'Client-Cert', format: 'rfc9440', proxyReplacesHeader: true } as const;

  expect(createMtlsConstraint(options)).toMatchObject({
    method: 'x5t#S256',
    scheme: 'Bearer',
    required: false,
    algorithms: [],
  });
  expect(createMtlsConstraint({ ...options, required: true })).toMatchObject({ required: true });
});

it.each([
  [{ header: '' }, 'mtls.header'],
  [{ header: undefined }, 'mtls.header'],
  [{ header: 'a b' }, 'mtls.header'],
  [{ format: 'pem' }, 'mtls.format'],
  [{ format: 'toString' }, 'mtls.format'],
  [{ proxyReplacesHeader: undefined }, 'mtls.proxyReplacesHeader'],
  [{ proxyReplacesHeader: false }, 'mtls.proxyReplacesHeader'],
  [{ proxyReplacesHeader: 'yes' }, 'mtls.proxyReplacesHeader'],
])('stops at %j', (changes, option) => {
  const good = { header: 'Client-Cert', format: 'rfc9440', proxyReplacesHeader: true };
  const options = { ...good, ...changes } as unknown as MtlsConstraintOptions;

  expect(() => createMtlsConstraint(options)).toThrow(
    expect.objectContaining({ name: 'ConfigError', option }),
  );
});

it('reads no field that is longer than any certificate', async () => {
  const field = encodeURIComponent(client.cert);
  const blank = (length: number) => `${field}${' '.repeat(length)}`;

  expect(await judge('escaped-pem', [blank(1_000)])).toBe('ok');
  expect(await judge('escaped-pem', [blank(40_000)])).toBe('malformed client certificate');
});

it('is not held up by a field that is nearly a certificate', async () => {
  const field = `-----BEGIN CERTIFICATE-----${' '.repeat(32_000)}-`;
  for (let time = 0; time < 200; time += 1) {
    expect(await judge('escaped-pem', [field])).toBe('malformed client certificate');
  }
});
