import { z } from 'zod';
import { secretText, type Variable } from './variable.ts';

/** A path, or the address of a Redis, which may hold a password. */
export const denialList: Variable<string | undefined> = {
  ...secretText('DENIAL_LIST', {
    meaning:
      'Subjects, clients, tokens and API keys that are denied at once: a file such as `/etc/sallyport/denied.json`, or `redis://` or `rediss://`',
  }),
  allowed: 'an absolute path, or a URL that begins with redis:// or rediss://',
  schema: () =>
    z
      .string()
      .regex(/^(?:rediss?:\/\/\S+|\/(?!\/).*[^/])$/)
      .refine((text) => text.startsWith('/') || URL.canParse(text)),
};
