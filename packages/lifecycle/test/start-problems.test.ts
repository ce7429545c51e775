/** Which failed starts another start may mend (exit 1), and which it cannot (exit 78). */
import { AuthError, ConfigError } from '@sallyport/core';
import { expect, it } from 'vitest';
import { explainFailedStart } from '../src/index.ts';

const wrong = new ConfigError('PORT', 'must be a whole number');
const outage = new Error(
  'gcp_secret_manager could not be asked for FASTMCP_SERVER_AUTH_JWT_ISSUER',
);
const coded = (code: string, port?: number) =>
  Object.assign(new Error(`listen ${code}`), { code, ...(port !== undefined && { port }) });

it.each<[string, unknown, number, string]>([
  ['a wrong setting', wrong, 78, 'must be a whole number'],
  ['several wrong settings', new AggregateError([wrong, wrong]), 78, 'must be a whole number'],
  ['an outage alone', new AggregateError([outage]), 1, 'could not be asked'],
  ['an outage beside a wrong setting', new AggregateError([outage, wrong]), 78, 'could not be'],
  ['a port in use', coded('EADDRINUSE', 8000), 1, 'Set PORT to a free one, such as 8001'],
  ['a port for administrators', coded('EACCES', 80), 78, 'Use one above 1023'],
  ['a file that cannot be opened', coded('EACCES'), 1, 'listen EACCES'],
  ['too many open files', coded('EMFILE'), 1, 'listen EMFILE'],
  ['a full disk', coded('ENOSPC'), 1, 'listen ENOSPC'],
  ['a name that is not found', coded('ENOTFOUND'), 1, 'listen ENOTFOUND'],
  ['a refused connection', coded('ECONNREFUSED', 6379), 1, 'listen ECONNREFUSED'],
  ['a backend that is away', new AuthError('upstream_unavailable', { detail: 'away' }), 1, 'away'],
  ['an unexpected error', new TypeError('x is not a function'), 1, 'x is not a function'],
  ['what is no error', 'text', 1, 'unknown problem'],
  ['nothing at all', undefined, 1, 'unknown problem'],
])('CASE-45, CASE-48: %s', (_name, error, exitCode, sentence) => {
  const failed = explainFailedStart(error);

  expect(failed.exitCode).toBe(exitCode);
  expect(failed.problems[0]?.problem).toContain(sentence);
});
