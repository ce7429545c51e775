/** Variables for tokens that are bound to a key of the client (DPoP, RFC 9449). */
import { z } from 'zod';
import { prefix, secretText, type Variable, wholeNumber, word } from './variable.ts';

type Text = Variable<string | undefined>;

export const dpopMode: Variable<'accepted' | 'required' | undefined> = word<
  'accepted' | 'required',
  undefined
>(`${prefix}DPOP`, ['accepted', 'required'], undefined, {
  meaning:
    'Accepts tokens that are bound to a key of the client, each request with a proof (RFC 9449). `required`: refuses every other token. Default: refuses bound tokens',
  cure: 'Set it to accepted or required',
});
export const dpopProofLifetime: Variable<number> = wholeNumber(
  `${prefix}DPOP_PROOF_LIFETIME_SECONDS`,
  { minimum: 10, maximum: 3_600, fallback: 300 },
  { meaning: 'Largest difference between the time of a proof and now, in seconds' },
);
export const dpopNonceSecret: Text = {
  ...secretText('DPOP_NONCE_SECRET', {
    meaning:
      'Requires a nonce of this server in each proof, and makes the nonces. Every instance needs the same one. Default: no nonces',
  }),
  allowed: 'random text of at least 32 bytes',
};
export const dpopRedisUrl: Text = {
  ...secretText('DPOP_REDIS_URL', {
    meaning:
      'A Redis or Valkey in which all instances remember used proofs: `redis://` or `rediss://`. Default: each instance remembers its own',
  }),
  allowed: 'a URL that begins with redis:// or rediss://',
  schema: () =>
    z
      .string()
      .regex(/^rediss?:\/\/\S+$/)
      .refine((text) => URL.canParse(text)),
};

/** All of them, in the order of the README. */
export const dpopVariables: readonly Variable[] = [
  dpopMode,
  dpopProofLifetime,
  dpopNonceSecret,
  dpopRedisUrl,
];
