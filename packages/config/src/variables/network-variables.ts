/** Variables for the way to the authorization server. */
import { z } from 'zod';
import { exactText, flag, prefix, type Variable } from './variable.ts';

export const allowPrivateNetwork: Variable<boolean> = flag(
  `${prefix}ALLOW_PRIVATE_NETWORK`,
  false,
  {
    meaning:
      'Whether the authorization server may be in your private network. Metadata services of clouds stay refused',
  },
);
export const egressProxy: Variable<string | undefined> = {
  ...exactText('EGRESS_PROXY', {
    meaning:
      'The HTTP proxy on the way to the authorization server. It resolves host names in place of the server',
  }),
  allowed: 'an http or https URL without credentials and path, such as http://proxy.internal:3128',
  schema: () => z.string().regex(/^https?:\/\/[^\s/?#@\\]+\/?$/),
  secretNames: [],
};
