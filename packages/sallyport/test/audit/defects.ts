/**
 * Servers that are broken on purpose. Each puts one mistake in front of the hardened server: it lets a wrong token pass
 * as a good one, changes the request before the gate, or changes the answer behind it.
 */
import { createHmac, createPublicKey, verify } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mintToken } from '@sallyport/testing';
import type { AuditedServer } from './hardened-server.ts';

type Members = Readonly<Record<string, unknown>>;

/** A token as a careless verifier reads it. */
interface ReadToken {
  readonly text: string;
  readonly header: Members;
  readonly claims: Members;
  /** The raw texts of header and claims. */
  readonly texts: readonly [header: string, claims: string];
  readonly segments: readonly string[];
  /** Whether the signature is that of the issuer. */
  readonly isSigned: boolean;
  hasSecret(secret: string | Uint8Array): boolean;
}

/** What a broken server can do to a request before the gate. */
export interface Attacked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The values of a field, from the bytes. */
  values(name: string): readonly string[];
  /** Replaces all fields of a name. `undefined` removes them. */
  set(name: string, value: string | undefined): void;
  /** Lets the request pass with a good token, whose claims can differ. */
  accept(claims?: Members): Promise<void>;
  /** The token of the request, if it can be read. */
  token(): ReadToken | undefined;
  /** Changes the answer before it is written. */
  onAnswer(change: (head: AnswerHead, body: string) => string | undefined): void;
  readonly server: AuditedServer;
}

/** The head of an answer, which can be changed. */
export interface AnswerHead {
  status: number;
  readonly fields: Record<string, string>;
}

/** One mistake. */
export interface Defect {
  readonly name: string;
  /** The rows that must find it. */
  readonly found: readonly string[];
  /** It is audited as a server without access control. Default false. */
  readonly isPublic?: boolean;
  /** @returns `true` if the request is answered already. */
  readonly break: (attacked: Attacked) => unknown;
}

/** Lets tokens pass that a careless verifier takes for good. */
const takes = (
  name: string,
  found: readonly string[],
  isGood: (token: ReadToken, server: AuditedServer) => unknown,
): Defect => ({
  name,
  found,
  break: async (attacked) => {
    const token = attacked.token();
    if (token !== undefined && (await isGood(token, attacked.server))) await attacked.accept();
  },
});

const now = () => Date.now() / 1_000;
const pemOf = ({ jwk }: AuditedServer) =>
  createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });

/** Whether the claims are good, apart from one. */
function isGoodBut(token: ReadToken, name: string, server: AuditedServer): boolean {
  const { iss, aud, exp, sub, nbf = 0, iat = 0 } = token.claims as Record<string, never>;
  const checks: Readonly<Record<string, boolean>> = {
    iss: iss === server.issuer,
    aud: [aud].flat().includes(server.url as never),
    exp: typeof exp === 'number' && exp > now() && exp < now() + 90_000,
    sub: typeof sub === 'string' && sub !== '',
    nbf: (nbf as number) < now() + 60 && (iat as number) < now() + 60,
  };
  return (
    token.isSigned && Object.entries(checks).every(([each, isGood]) => each === name || isGood)
  );
}

const careless = (
  name: string,
  claim: string,
  found: readonly string[],
  test: (value: unknown, server: AuditedServer) => boolean = () => true,
) =>
  takes(
    name,
    found,
    (token, server) => isGoodBut(token, claim, server) && test(token.claims[claim], server),
  );

const passes = (
  name: string,
  found: readonly string[],
  test: (attacked: Attacked) => unknown,
): Defect => ({
  name,
  found,
  break: async (attacked) => {
    if (test(attacked)) await attacked.accept();
  },
});

const answers = (
  name: string,
  found: readonly string[],
  change: (head: AnswerHead, body: string, attacked: Attacked) => string | undefined,
): Defect => ({
  name,
  found,
  break: (attacked) => attacked.onAnswer((head, body) => change(head, body, attacked)),
});

/** A URL that a router cleans before it looks for the endpoint, but not before the check. */
const cleans = (
  name: string,
  found: readonly string[],
  clean: (path: string) => string,
): Defect => ({
  name,
  found,
  break: async (attacked) => {
    const { request } = attacked;
    const cleaned = clean(request.url ?? '');
    if (cleaned === request.url) return;
    request.url = cleaned;
    await attacked.accept();
  },
});

const has = (field: string) => (attacked: Attacked) => attacked.values(field).length > 0;
const isBare = (attacked: Attacked) => attacked.values('authorization').length === 0;

/** Every mistake. */
export const defects: readonly Defect[] = [
  passes('checks nothing', ['challenge-01'], () => true),
  passes(
    'accepts whatever is sent',
    ['challenge-09', 'challenge-13', 'challenge-17'],
    has('authorization'),
  ),
  // Tokens.
  takes('accepts alg none', ['algorithm-01'], ({ header }) => header['alg'] === 'none'),
  takes(
    'accepts alg none in any case',
    ['algorithm-02', 'algorithm-04'],
    ({ header }) => `${header['alg']}`.toLowerCase() === 'none',
  ),
  takes('accepts a token without alg', ['algorithm-18'], ({ header }) => !('alg' in header)),
  takes(
    'trims the algorithm',
    ['algorithm-31'],
    (token, server) => token.header['alg'] === ' ES256' && isGoodBut(token, '', server),
  ),
  takes(
    'takes the public key for a secret',
    ['algorithm-26'],
    (token, server) => token.header['alg'] === 'HS256' && token.hasSecret(`${pemOf(server)}`),
  ),
  takes('has a published secret', ['algorithm-21'], (token) => token.hasSecret('secret')),
  takes('has an empty secret', ['algorithm-20', 'key-id-23'], (token) => token.hasSecret('')),
  takes('does not check r and s', ['algorithm-35'], ({ segments }) =>
    /^A{86}$/.test(segments[2] ?? ''),
  ),
  takes(
    'accepts signatures in DER form',
    ['algorithm-34'],
    ({ header, segments }) => header['alg'] === 'ES256' && /^MEU?/.test(segments[2] ?? ''),
  ),
  takes('trusts the key in the token', ['key-id-01', 'key-id-02'], ({ header, segments }) =>
    verifies(segments, header['jwk']),
  ),
  {
    name: 'fetches the key from the token',
    found: ['key-id-03'],
    break: async ({ token }) => {
      const address = token()?.header['jku'];
      if (typeof address === 'string') await fetch(address);
    },
  },
  takes(
    'finds no key, and accepts',
    ['key-id-06'],
    ({ header }) => header['kid'] === 'audit-unknown',
  ),
  takes('reads the key from the path in kid', ['key-id-07', 'key-id-08'], ({ header }) =>
    /\//.test(`${header['kid']}`),
  ),
  takes('puts kid into SQL', ['key-id-24'], (token) => token.hasSecret('audit')),
  {
    name: 'fails with 500 on odd key ids',
    found: ['key-id-19', 'key-id-20'],
    break: ({ token, response }) =>
      typeof token()?.header['kid'] === 'object' && response.writeHead(500).end(),
  },
  takes(
    'ignores crit',
    ['key-id-25', 'key-id-26'],
    (token, server) => 'crit' in token.header && isGoodBut(token, '', server),
  ),
  takes(
    'ignores b64',
    ['key-id-29'],
    (token, server) => 'b64' in token.header && isGoodBut(token, '', server),
  ),
  takes('accepts every type of token', ['key-id-32', 'key-id-33', 'key-id-34'], (token, server) =>
    isGoodBut(token, '', server),
  ),
  takes(
    'does not verify the signature',
    ['token-form-25', 'token-form-26', 'algorithm-36'],
    ({ segments }) => segments.length === 3,
  ),
  takes(
    'compares half of the signature',
    ['token-form-20'],
    ({ segments }, server) =>
      segments.length === 3 &&
      lastGood(server)?.startsWith(`${segments[0]}.${segments[1]}.${segments[2]?.slice(0, 30)}`),
  ),
  takes(
    'accepts a token without its signature',
    ['token-form-02', 'token-form-03'],
    ({ segments }) => !segments[2],
  ),
  takes('decodes generously', ['token-form-55'], (token, server) => isGoodBut(token, '', server)),
  takes(
    'keeps the last of repeated members',
    ['token-form-32', 'token-form-33', 'token-form-37'],
    (token, server) => isGoodBut(token, '', server),
  ),
  takes('drops a byte order mark', ['token-form-43', 'token-form-44'], (token, server) =>
    isGoodBut(token, '', server),
  ),
  takes(
    'checks no claims of an array',
    ['token-form-47'],
    ({ isSigned, texts }) => isSigned && texts[1].startsWith('['),
  ),
  takes(
    'accepts a token without claims',
    ['token-form-51'],
    ({ isSigned, texts }) => isSigned && texts[1] === '{}',
  ),
  takes('has no limit for tokens', ['token-form-56'], (token, server) =>
    isGoodBut(token, '', server),
  ),
  // Claims.
  careless('does not check the issuer', 'iss', ['claims-01', 'claims-02']),
  careless(
    'ignores a slash behind the issuer',
    'iss',
    ['claims-03'],
    (iss, { issuer }) => iss === `${issuer}/`,
  ),
  careless('does not need a subject', 'sub', ['claims-08', 'claims-11']),
  takes(
    'accepts bound tokens as bearer tokens',
    ['claims-12', 'claims-13'],
    (token, server) => 'cnf' in token.claims && isGoodBut(token, '', server),
  ),
  takes(
    'accepts ID tokens',
    ['claims-15'],
    (token, server) => 'nonce' in token.claims && isGoodBut(token, '', server),
  ),
  careless('does not check the audience', 'aud', ['audience-01', 'audience-02', 'audience-03']),
  careless(
    'compares the beginning of the audience',
    'aud',
    ['audience-15', 'audience-18'],
    (aud, { url }) => `${aud}`.startsWith(url),
  ),
  careless(
    'ignores a slash behind the audience',
    'aud',
    ['audience-14'],
    (aud, { url }) => aud === `${url}/`,
  ),
  careless(
    'ignores the case of the audience',
    'aud',
    ['audience-19'],
    (aud, { url }) => `${aud}`.toLowerCase() === url,
  ),
  careless('accepts a star', 'aud', ['audience-08'], (aud) => aud === '*'),
  careless(
    'compares the host of the audience',
    'aud',
    ['audience-24'],
    (aud, { url }) => aud === new URL(url).host,
  ),
  careless('does not check the end', 'exp', ['expiry-01', 'expiry-02']),
  careless('allows five minutes of skew', 'exp', ['expiry-04'], (exp) => Number(exp) > now() - 290),
  careless('reads the end as text', 'exp', ['expiry-06'], (exp) => typeof exp === 'string'),
  careless(
    'accepts an end without limit',
    'exp',
    ['expiry-12', 'expiry-19', 'expiry-20'],
    (exp) => Number(exp) > now(),
  ),
  careless('does not check the start', 'nbf', ['expiry-14', 'expiry-17']),
  // Credentials.
  passes('takes the token from the query', ['credentials-01'], ({ request }) =>
    request.url?.includes('access_token='),
  ),
  passes('takes the token from a cookie', ['credentials-08'], has('cookie')),
  passes(
    'takes the token from X-Forwarded-Access-Token',
    ['credentials-13'],
    has('x-forwarded-access-token'),
  ),
  passes('takes the token from X-API-Key', ['credentials-18'], has('x-api-key')),
  passes('takes the token from the address', ['credentials-07'], ({ request }) =>
    request.url?.includes('@'),
  ),
  passes(
    'reads the first of two tokens',
    ['duplicate-fields-01'],
    ({ values }) => values('authorization').length > 1,
  ),
  passes('splits the field at the comma', ['duplicate-fields-06'], ({ values }) =>
    values('authorization')[0]?.includes(', Bearer'),
  ),
  passes('splits the field at any space', ['duplicate-fields-07'], ({ values }) =>
    values('authorization')[0]?.includes('\t'),
  ),
  passes('ignores the second word', ['token-form-16'], ({ values }) =>
    values('authorization')[0]?.endsWith(' audit'),
  ),
  passes('takes Basic for a sign-in', ['challenge-13'], ({ values }) =>
    values('authorization')[0]?.startsWith('Basic'),
  ),
  {
    name: 'knows Bearer in one spelling',
    found: ['control-03', 'control-04'],
    break: ({ values, set }) => {
      if (!values('authorization')[0]?.startsWith('Bearer ')) set('authorization', undefined);
    },
  },
  // Paths, methods, hosts.
  cleans('removes double slashes behind the check', ['paths-01'], (path) =>
    path.replace('//', '/'),
  ),
  cleans('decodes the path behind the check', ['paths-06'], (path) => path.replace('%70', 'p')),
  cleans('ignores case behind the check', ['paths-03'], (path) => path.replace('MCP', 'mcp')),
  cleans('removes path parameters behind the check', ['paths-05'], (path) =>
    path.replace(/;.*/, ''),
  ),
  passes('trusts X-Forwarded-Uri', ['paths-18'], has('x-forwarded-uri')),
  passes('trusts the User-Agent of a health check', ['paths-22'], ({ values }) =>
    values('user-agent')[0]?.includes('kube-probe'),
  ),
  passes(
    'trusts the address that the client names',
    ['paths-23', 'paths-24'],
    (attacked) => has('x-forwarded-for')(attacked) || has('x-real-ip')(attacked),
  ),
  passes('trusts the user that the client names', ['paths-25'], has('x-forwarded-user')),
  {
    name: 'serves X-Original-URL',
    found: ['paths-30'],
    break: async ({ request, values, accept }) => {
      const [url] = values('x-original-url');
      if (url === '/mcp') {
        request.url = url;
        await accept();
      }
    },
  },
  {
    name: 'takes PUT for POST',
    found: ['methods-03'],
    break: ({ request }) => {
      if (request.method === 'PUT') request.method = 'POST';
    },
  },
  {
    name: 'overrides the method behind the check',
    found: ['methods-17'],
    break: async ({ request, values, accept }) => {
      if (values('x-http-method-override').length > 0) {
        request.method = 'POST';
        await accept();
      }
    },
  },
  {
    name: 'repeats requests',
    found: ['methods-20'],
    break: ({ request, response, values }) =>
      request.method === 'TRACE' && response.writeHead(200).end(values('x-audit').join()),
  },
  {
    name: 'does not check Origin',
    found: ['rebinding-01', 'rebinding-02', 'rebinding-03'],
    break: ({ set }) => set('origin', undefined),
  },
  {
    name: 'does not check Host',
    found: ['rebinding-09', 'rebinding-11', 'rebinding-13'],
    break: ({ set, server }) => set('host', new URL(server.url).host),
  },
  {
    name: 'does not check the content type',
    found: ['content-type-01', 'content-type-02', 'content-type-08'],
    isPublic: true,
    break: async ({ set, request, accept }) => {
      if (request.method !== 'POST') return;
      set('content-type', 'application/json');
      await accept();
    },
  },
  // Answers.
  answers('has no challenge', ['challenge-02'], ({ fields }) => {
    delete fields['www-authenticate'];
    return undefined;
  }),
  answers('has an error code without a token', ['challenge-04'], (head) =>
    edit(head, 'www-authenticate', (text) => `${text}, error="invalid_token"`),
  ),
  answers('does not name the metadata', ['challenge-05', 'challenge-10'], (head) =>
    edit(head, 'www-authenticate', (text) => text.replace(/resource_metadata="[^"]*",? ?/, '')),
  ),
  answers('lets caches keep refusals', ['challenge-07'], (head) =>
    edit(head, 'cache-control', () => 'public'),
  ),
  answers('repeats the token', ['challenge-11'], ({ status }, body, { values }) =>
    status === 401 ? `${body}${values('authorization')[0]?.slice(7)}` : undefined,
  ),
  answers('puts the token into the challenge', ['challenge-12'], (head, _body, { values }) =>
    head.status >= 400
      ? edit(
          head,
          'www-authenticate',
          (text) => `${text}, error_description="${values('authorization')[0]}`,
        )
      : undefined,
  ),
  answers(
    'shows where it failed',
    ['challenge-08'],
    () => 'Error: no token\n    at check (/app/node_modules/auth/index.js:12:3)',
  ),
  answers('answers 200 in place of 401', ['challenge-01', 'token-form-25'], (head) => {
    if (head.status !== 401) return undefined;
    head.status = 200;
    return '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Unauthorized"}}';
  }),
  answers('answers 403 in place of 401', ['challenge-01', 'token-form-25'], (head) => {
    if (head.status === 401) head.status = 403;
    return undefined;
  }),
  answers('answers 500 to bad tokens', ['challenge-09', 'token-form-01'], (head) => {
    if (head.status === 401) head.status = 500;
    return undefined;
  }),
  {
    name: 'names the host of the client',
    found: ['challenge-24', 'metadata-16'],
    break: ({ values, set, onAnswer, server }) => {
      const [host = ''] = values('host');
      set('host', new URL(server.url).host);
      onAnswer((head) => edit(head, 'x-host', () => host));
    },
  },
  answers('names the forwarded host', ['challenge-25', 'metadata-17'], (head, _body, { values }) =>
    edit(head, 'x-host', () => values('x-forwarded-host')[0] ?? ''),
  ),
  answers('publishes another resource', ['metadata-02'], (_head, body) =>
    body.replace('/mcp"', '/mcp/"'),
  ),
  answers('publishes no issuer', ['metadata-03'], (_head, body) =>
    body.replace(/"authorization_servers":\[[^\]]*\]/, '"authorization_servers":[]'),
  ),
  answers('publishes metadata as text', ['metadata-05', 'metadata-06'], (head) => {
    delete head.fields['access-control-allow-origin'];
    return edit(head, 'content-type', () => 'text/plain');
  }),
  answers('offers the query', ['metadata-08'], (_head, body) =>
    body.replace('"header"', '"query"'),
  ),
  answers('publishes a secret', ['metadata-10'], (_head, body) =>
    body.replace('{', '{"client_secret":"x",'),
  ),
  {
    name: 'has no metadata',
    found: ['metadata-01'],
    break: ({ request, response }) =>
      request.url?.startsWith('/.well-known/') && response.writeHead(404).end(),
  },
  {
    name: 'asks for a token everywhere',
    found: ['metadata-14'],
    break: ({ request, response }) =>
      request.url?.includes('audit-unknown') && response.writeHead(401).end(),
  },
  answers(
    'allows every page with credentials',
    ['cors-01', 'cors-05'],
    (head, _body, { values }) => {
      head.fields['access-control-allow-credentials'] = 'true';
      return edit(head, 'access-control-allow-origin', () => values('origin')[0] ?? '*');
    },
  ),
  answers('opens the private network', ['cors-04'], (head) =>
    edit(head, 'access-control-allow-private-network', () => 'true'),
  ),
  // Scopes.
  {
    name: 'lets a read token write',
    found: ['scopes-01', 'scopes-11'],
    break: ({ token, accept }) => token() && accept(),
  },
  takes('compares the beginning of scopes', ['scopes-05'], ({ claims }) =>
    `${claims['scope']}`.split(' ').some((scope) => scope.startsWith('notes:write')),
  ),
  takes('looks for scopes in the text', ['scopes-05', 'scopes-06', 'scopes-08'], ({ claims }) =>
    `${claims['scope']}`.includes('notes:write'),
  ),
  takes('ignores the case of scopes', ['scopes-04'], ({ claims }) =>
    /notes:write(?: |$)/i.test(`${claims['scope']}`),
  ),
  takes('splits scopes at any space', ['scopes-07'], ({ claims }) =>
    `${claims['scope']}`.split(/\s/).includes('notes:write'),
  ),
  takes('knows a star', ['scopes-09'], ({ claims }) => `${claims['scope']}`.includes('*')),
  takes('reads roles as scopes', ['scopes-10'], ({ claims }) => 'roles' in claims),
  {
    name: 'trusts Mcp-Method',
    found: ['scopes-12'],
    break: async ({ token, values, set, accept }) => {
      const claims = token()?.claims;
      if (claims === undefined || values('mcp-method')[0] !== 'ping') return;
      set('mcp-method', undefined);
      await accept({ sub: claims['sub'], client_id: claims['client_id'] });
    },
  },
  // Sessions.
  ...['accepts a session in place of a token', 'does not bind sessions'].map(
    (name, index): Defect => {
      const owners = new Map<string, string>();
      return {
        name,
        found:
          index === 0
            ? ['sessions-07', 'sessions-08']
            : ['sessions-09', 'sessions-10', 'sessions-11'],
        break(attacked) {
          const [authorization] = attacked.values('authorization');
          attacked.onAnswer((head) => {
            const session = head.fields['mcp-session-id'];
            if (session !== undefined && authorization !== undefined && !owners.has(session))
              owners.set(session, authorization);
            return undefined;
          });
          const owner = owners.get(attacked.values('mcp-session-id')[0] ?? '');
          if (owner !== undefined && (index === 1 || isBare(attacked)))
            attacked.set('authorization', owner);
        },
      };
    },
  ),
  answers('counts its sessions', ['sessions-13'], (head) =>
    head.fields['mcp-session-id'] === undefined
      ? undefined
      : edit(head, 'mcp-session-id', () => `${Math.random()}`.slice(2, 8)),
  ),
  // Limits.
  {
    name: 'locks good tokens out',
    found: ['limits-11'],
    break: (() => {
      let bad = 0;
      return ({ values, response }: Attacked) => {
        if (values('authorization')[0]?.startsWith('Bearer wrong')) bad += 1;
        return bad > 5 && response.writeHead(429).end();
      };
    })(),
  },
  {
    name: 'hangs over a long token',
    found: ['token-form-56'],
    break: ({ values }) => (values('authorization')[0]?.length ?? 0) > 8_000,
  },
];

function edit(head: AnswerHead, name: string, change: (text: string) => string): undefined {
  head.fields[name] = change(head.fields[name] ?? '');
  return undefined;
}

function verifies(segments: readonly string[], jwk: unknown): boolean {
  if (typeof jwk !== 'object' || jwk === null) return false;
  return verify(
    'sha256',
    Buffer.from(`${segments[0]}.${segments[1]}`),
    { key: createPublicKey({ key: jwk as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(segments[2] ?? '', 'base64url'),
  );
}

const goodTokens = new WeakMap<AuditedServer, string>();

/** The latest good token that the server saw. */
function lastGood(server: AuditedServer): string | undefined {
  return goodTokens.get(server);
}

/** Reads the token of a request, as generously as anybody does. */
export function readToken(text: string, server: AuditedServer): ReadToken | undefined {
  const segments = text.split('.');
  if (segments.length < 2) return undefined;
  const decode = (segment = '') =>
    Buffer.from(segment, 'base64url')
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  const texts = [decode(segments[0]), decode(segments[1])] as const;
  const parse = (json: string): Members => {
    try {
      const value: unknown = JSON.parse(json);
      return typeof value === 'object' && value !== null ? (value as Members) : {};
    } catch {
      return {};
    }
  };
  const isSigned = segments.length === 3 && verifies(segments, server.jwk);
  if (isSigned) goodTokens.set(server, text);
  return {
    ...{ text, texts, segments, isSigned, header: parse(texts[0]), claims: parse(texts[1]) },
    hasSecret: (secret) =>
      createHmac('sha256', secret).update(`${segments[0]}.${segments[1]}`).digest('base64url') ===
      segments[2],
  };
}

/** A token that the server accepts. */
export function mintGood(
  { jwk, issuer, url }: AuditedServer,
  claims: Members = {},
): Promise<string> {
  return mintToken({
    key: jwk as never,
    header: { alg: 'ES256', typ: 'at+jwt', kid: 'notes-1' },
    claims: {
      ...{
        iss: issuer,
        aud: url,
        sub: 'ada',
        client_id: 'defect',
        scope: 'notes:read notes:write',
      },
      ...{ iat: Math.floor(now()), exp: Math.floor(now()) + 600, jti: `${Math.random()}` },
      ...claims,
    },
  });
}
