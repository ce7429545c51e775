/** Variables of introspection. */
import { z } from 'zod';
import {
  exactText,
  list,
  prefix,
  secretText,
  url,
  type Variable,
  wholeNumber,
} from './variable.ts';

type Text = Variable<string | undefined>;

export const introspectionUrl: Text = url('INTROSPECTION_URL', {
  meaning: 'Where the issuer explains opaque tokens (RFC 7662)',
  cure: "Set it to the authorization server's introspection endpoint",
});
export const introspectionClientId: Text = {
  ...exactText('INTROSPECTION_CLIENT_ID', {
    meaning: 'This server as a client, by HTTP Basic',
    allowed: 'the exact id, in ASCII',
    cure: 'Set it to the id of this server as a client',
  }),
  isOpaque: true,
  // RFC 6749 appendix A.1: spaces are allowed.
  schema: () => z.string().regex(/^[\x20-\x7e]+$/),
};
export const introspectionClientSecret: Text = secretText('INTROSPECTION_CLIENT_SECRET', {
  meaning: 'Its secret',
  cure: 'Set it to the secret of this server as a client',
});
export const introspectionAudience: Variable<readonly string[]> = {
  ...list('INTROSPECTION_AUDIENCE', {
    meaning: 'The `aud` of the answers, or a list of them: one must match exactly',
  }),
  isExact: true,
  secretNames: ['introspection-audience'],
};
export const introspectionRequiredScopes: Variable<readonly string[]> = list(
  'INTROSPECTION_REQUIRED_SCOPES',
  { meaning: 'Scopes that every operation needs' },
);
export const introspectionTimeout: Variable<number> = wholeNumber(
  `${prefix}INTROSPECTION_TIMEOUT`,
  { minimum: 1, maximum: 60, fallback: 10 },
  { meaning: 'Seconds for one question in all' },
);
export const introspectionCacheTtl: Variable<number> = wholeNumber(
  `${prefix}INTROSPECTION_CACHE_TTL`,
  { minimum: 0, maximum: 300, fallback: 0 },
  { meaning: 'Seconds for which an answer is used again: a revoked token lives for as long' },
);
