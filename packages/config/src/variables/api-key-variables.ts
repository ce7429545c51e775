/** Variables of API keys, which `sallyport keys` makes. */
import { z } from 'zod';
import { exactText, secretText, type Variable } from './variable.ts';

type Text = Variable<string | undefined>;

export const apiKeyFile: Text = {
  ...exactText('API_KEY_FILE', {
    meaning:
      'Accepts API keys besides other tokens. Where their records are, for processes on one machine',
    allowed: 'an absolute path',
  }),
  schema: () => z.string().regex(/^\/./),
  secretNames: [],
};
export const apiKeyRedisUrl: Text = {
  ...secretText('API_KEY_REDIS_URL', {
    meaning:
      'Accepts API keys besides other tokens. The Redis or Valkey with their records, for any number of instances',
  }),
  allowed: 'a URL that begins with redis:// or rediss://',
  schema: () =>
    z
      .string()
      .regex(/^rediss?:\/\/\S+$/)
      .refine((text) => URL.canParse(text)),
};
export const apiKeySecret: Text = {
  ...secretText('API_KEY_SECRET', {
    meaning: 'Makes the digests of API keys, the same on every instance',
    cure: 'Set it to a random secret: sallyport keygen api-key',
  }),
  allowed: 'random text of at least 32 bytes',
};
export const apiKeyPreviousSecret: Text = {
  ...secretText('API_KEY_PREVIOUS_SECRET', {
    meaning: 'The secret before: API keys that were made with it stay valid',
  }),
  allowed: 'random text of at least 32 bytes',
};
