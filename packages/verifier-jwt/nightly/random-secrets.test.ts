/** CASE-07: no random secret is taken for a known one. */
import { expect, it } from 'vitest';
import { randomSecrets, refuseRandom } from '../test/keys/hmac/random-secrets.ts';

it.each(randomSecrets)(
  'CASE-07: accepts 10,000 random secrets of %i as %s (%s)',
  (length, _kind, encoding, generate) => {
    expect(refuseRandom(10_000, encoding, () => generate(length))).toEqual([]);
  },
);
