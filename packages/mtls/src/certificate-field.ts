/** How proxies write the certificate that a client has shown them into a header field. */
import { X509Certificate } from 'node:crypto';

/**
 * - `rfc9440`: `:` base64 of DER `:`. `Client-Cert` of RFC 9440, `{client_cert_leaf}` of Google Cloud.
 * - `escaped-pem`: PEM, percent-encoded. `$ssl_client_escaped_cert` of nginx, `ssl-client-cert` of
 *   ingress-nginx, `X-Amzn-Mtls-Clientcert-Leaf` of AWS.
 * - `base64-der`: base64 of DER. `%[ssl_c_der,base64]` of HAProxy, Caddy.
 * - `xfcc`: `x-forwarded-client-cert` of Envoy, with `Cert` or `Hash`, of one client.
 */
export type CertificateFormat = 'rfc9440' | 'escaped-pem' | 'base64-der' | 'xfcc';

const pem = /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;
// A name, and a value that may stand in quotes with escapes.
const xfccPair = /([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^",;]*)(;|$)/y;

const readers: Readonly<Record<CertificateFormat, (value: string) => Buffer | undefined>> = {
  rfc9440: (value) => hashDer(/^:(.+):$/.exec(value)?.[1]),
  'escaped-pem': hashEscapedPem,
  'base64-der': hashDer,
  xfcc: readXfcc,
};

/** Whether there is such a format. */
export function isCertificateFormat(format: unknown): format is CertificateFormat {
  return typeof format === 'string' && Object.hasOwn(readers, format);
}

/** The SHA-256 of the DER of the one certificate in a field; `undefined` when there is no such. */
export function readThumbprint(value: string, format: CertificateFormat): Buffer | undefined {
  return readers[format](value);
}

function hashEscapedPem(value: string): Buffer | undefined {
  let text: string;
  try {
    text = decodeURIComponent(value);
  } catch {
    return undefined;
  }
  return hashDer(pem.exec(text)?.[1]?.replace(/\s/g, ''));
}

function hashDer(base64: string | undefined): Buffer | undefined {
  if (base64 === undefined) return undefined;
  const der = Buffer.from(base64, 'base64');
  // Decoders forgive stray characters and bits; encoding again forgives nothing.
  if (der.toString('base64') !== base64) return undefined;
  try {
    const certificate = new X509Certificate(der);
    // Parsers stop at the end of the first certificate, and take PEM as well.
    if (!certificate.raw.equals(der)) return undefined;
    return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex');
  } catch {
    return undefined;
  }
}

function readXfcc(value: string): Buffer | undefined {
  const pairs = new Map<string, string>();
  xfccPair.lastIndex = 0;
  while (xfccPair.lastIndex < value.length) {
    const [, name, text] = xfccPair.exec(value) ?? [];
    // Also at the comma before a second client: which of them holds the connection is not said.
    if (name === undefined || text === undefined) return undefined;
    const key = name.toLowerCase();
    // Names that may come several times are not among those two.
    if (pairs.has(key) && (key === 'cert' || key === 'hash')) return undefined;
    pairs.set(key, text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text);
  }
  const cert = pairs.get('cert');
  const hash = pairs.get('hash');
  const hashed =
    hash !== undefined && /^[0-9a-f]{64}$/i.test(hash) ? Buffer.from(hash, 'hex') : undefined;
  if (cert === undefined) return hashed;
  const ofCertificate = hashEscapedPem(cert);
  if (hash !== undefined && (hashed === undefined || ofCertificate?.equals(hashed) !== true)) {
    return undefined;
  }
  return ofCertificate;
}
