/** Broken servers that take a token for good which is not. */

import { type Defect, has, passes, takes } from '../defect.ts';
import { isGoodBut, lastGood, pemOf, verifies } from '../read-token.ts';

export const tokensDefects: readonly Defect[] = [
  passes('checks nothing', ['challenge-01'], () => true),
  passes(
    'accepts whatever is sent',
    ['challenge-09', 'challenge-13', 'challenge-17'],
    has('authorization'),
  ),
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
];
