/** Broken servers that skip the check of a claim. */

import { careless, type Defect, takes } from '../defect.ts';
import { isGoodBut, now } from '../read-token.ts';

export const claimsDefects: readonly Defect[] = [
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
];
