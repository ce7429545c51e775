/** Variables about secrets in general. Those of one backend stand in its row. */
import { secretBackends } from '../secrets/backends/all-backends.ts';
import { prefix, type Variable, wholeNumber, word } from './variable.ts';

/** `env`, or the name of a row of {@link secretBackends}. */
export const secretBackend: Variable<string> = word<string, string>(
  `${prefix}SECRET_BACKEND`,
  ['env', ...secretBackends.map(({ name }) => name)],
  'env',
  { meaning: 'Where secrets are: in the environment, or in a backend that is asked first' },
);

export const secretCacheTtl: Variable<number> = wholeNumber(
  `${prefix}SECRET_CACHE_TTL`,
  { minimum: 1, maximum: 86_400, fallback: 300 },
  { meaning: 'Seconds after which a secret is read again: a new version is in force by then' },
);
