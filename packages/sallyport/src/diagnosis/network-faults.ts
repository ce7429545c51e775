/**
 * What a failed request to an identity provider means: which step of the connection broke, whose it is, and the cure.
 * The details are those of `@sallyport/guarded-fetch`, from a closed list.
 */
import type { Owner } from './step.ts';

/** The address that was asked. */
export interface AskedAddress {
  readonly url: string;
  /** The variable that holds it; `undefined` where a preset knows it. */
  readonly variable: string | undefined;
  /** The party that serves the address. Default: the identity provider. */
  readonly party?: Owner;
}

/** One kind of failure. */
export interface NetworkFault {
  /** The step of the connection, such as `TLS`. */
  readonly step: 'address' | 'DNS' | 'connection' | 'TLS' | 'answer';
  readonly owner: Owner;
  readonly cure: string;
}

interface Place {
  readonly url: string;
  readonly host: string;
  readonly setting: string;
  readonly party: Owner;
}

type Row = readonly [
  pattern: RegExp,
  step: NetworkFault['step'],
  owner: Owner,
  cure: (place: Place) => string,
];

const rows: readonly Row[] = [
  [
    /private address|loopback|metadata service/,
    'address',
    'this server',
    ({ host }) =>
      `${host} is in a private network. If that is intended, set FASTMCP_SERVER_AUTH_ALLOW_PRIVATE_NETWORK=true.`,
  ],
  [
    /refuse this port/,
    'address',
    'this server',
    ({ url, setting }) =>
      `Let the server listen on another port than ${portOf(url)}, and correct ${setting}: browsers and Node block ports of other protocols.`,
  ],
  [
    /^DNS: the host name/,
    'DNS',
    'this server',
    ({ host, setting }) =>
      `Correct the host ${host} in ${setting}. If it is right, this machine's DNS does not know it: compare "nslookup ${host}" on another machine.`,
  ],
  [
    /^DNS:/,
    'DNS',
    'the network',
    ({ host }) =>
      `Repair the DNS resolver of this machine: it does not answer for ${host}. On Cloud Run with a VPC connector, look at its DNS settings.`,
  ],
  [
    /ECONNREFUSED/,
    'connection',
    'the identity provider',
    ({ url, setting, party }) =>
      `Nothing listens at ${new URL(url).host}. Start ${party}, or correct the port in ${setting}.`,
  ],
  [
    /^TLS: the certificate has expired/,
    'TLS',
    'the identity provider',
    ({ host }) =>
      `Renew the certificate of ${host}. If its dates are in order, the clock of this machine is wrong.`,
  ],
  [
    /^TLS: the certificate is for another/,
    'TLS',
    'the identity provider',
    ({ host, setting }) =>
      `Use a host name in ${setting} that the certificate has, or add ${host} to the certificate.`,
  ],
  [
    /^TLS: the certificate is not from/,
    'TLS',
    'this server',
    () =>
      'Set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of the authority, and start the process anew. If you expect a public certificate, something between you and the provider intercepts TLS.',
  ],
  [
    /^TLS:/,
    'TLS',
    'the network',
    ({ host, url, setting }) =>
      `Nothing at ${new URL(url).host} speaks TLS 1.2 or 1.3. Correct the port in ${setting}, or compare "openssl s_client -connect ${host}:${portOf(url)}".`,
  ],
  [
    /^the proxy refused/,
    'connection',
    'the network',
    ({ url }) =>
      `Allow connections to ${new URL(url).host} in the proxy (FASTMCP_SERVER_AUTH_EGRESS_PROXY), without a password.`,
  ],
  [
    /^the answer began/,
    'answer',
    'the network',
    ({ url }) =>
      `${new URL(url).host} begins to answer, and does not end. Look at the load balancer or proxy in between, and at the log of that server.`,
  ],
  [
    /^the connection ended/,
    'connection',
    'the network',
    ({ url, setting }) =>
      `${new URL(url).host} closes the connection. Look at the load balancer or firewall in between.${
        url.startsWith('http:') ? ` If the port speaks TLS, write https in ${setting}.` : ''
      }`,
  ],
  [
    /no answer within|in time|ETIMEDOUT|no route|EHOSTUNREACH|ENETUNREACH/,
    'connection',
    'the network',
    ({ url }) =>
      `Let this machine connect to ${new URL(url).host}: look at the firewall, the VPC egress rule or the proxy in between (FASTMCP_SERVER_AUTH_EGRESS_PROXY).`,
  ],
  [
    /redirect/,
    'answer',
    'this server',
    ({ setting }) =>
      `Sallyport follows no redirect, because that would let others choose the keys. Set ${setting} to the address where the redirect ends.`,
  ],
  [
    /not JSON by its Content-Type: text\/html/,
    'answer',
    'this server',
    ({ setting }) =>
      `The address answers with a page (HTML). Set ${setting} to the jwks_uri of the provider's metadata, and keep sign-in pages and proxies out of its way.`,
  ],
  [
    /HTTP 404|HTTP 410/,
    'answer',
    'this server',
    ({ setting }) =>
      `The address does not exist at the provider. Set ${setting} to the value in the provider's metadata (.well-known/openid-configuration).`,
  ],
  [
    /HTTP 40[0137]/,
    'answer',
    'the identity provider',
    ({ host }) => `Make the address public: ${host} refuses to answer without a sign-in.`,
  ],
  [
    /no usable key/,
    'answer',
    'the identity provider',
    () =>
      'Publish a key that fits FASTMCP_SERVER_AUTH_JWT_ALGORITHM, or set that variable to the algorithm of the keys. "sallyport doctor" lists each key with the reason.',
  ],
  [
    /not JSON|no JSON|not valid HTTP|decompressed|more than|twice|JSON/,
    'answer',
    'the identity provider',
    ({ host, setting }) =>
      `Repair what ${host} answers: it is not ${/INTROSPECTION|SIGN_IN/.test(setting) ? 'JSON' : 'a JWK set'} that can be read in one way only.`,
  ],
];

const fallback: Row = [
  /(?:)/,
  'answer',
  'the identity provider',
  ({ host }) => `Look at the state of ${host}, and try again.`,
];

/** @param detail What the request failed with. */
export function readNetworkFault(detail: string, address: AskedAddress): NetworkFault {
  const plain = detail.replace(/^(?:keys|introspection): /, '');
  const [, step, whose, cure] = rows.find(([pattern]) => pattern.test(plain)) ?? fallback;
  const { url, variable, party = 'the identity provider' } = address;
  const host = URL.canParse(url) ? new URL(url).hostname : url;
  const owner = whose === 'the identity provider' ? party : whose;
  return { step, owner, cure: cure({ url, host, setting: variable ?? 'the settings', party }) };
}

function portOf(url: string): string {
  const { port, protocol } = new URL(url);
  return port || (protocol === 'http:' ? '80' : '443');
}
