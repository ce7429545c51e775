/** What is printed, and what never is. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeStartUpReport } from '../src/index.ts';
import { hmacKey, load, opaque, problemsOf } from './set-up.ts';

const dev = { ENVIRONMENT: 'development' };
const hmac = { JWT_JWKS_URI: undefined, JWT_ALGORITHM: 'HS256', JWT_PUBLIC_KEY: hmacKey };

describe('what is printed (CFG-13)', () => {
  const events: unknown[] = [];
  const changes = { ...hmac, RESOURCE_URL: 'https://notes.acme-corp.dev/mcp' };

  it('has every variable with its origin, and no secret', async () => {
    const config = await load(changes, { onEvent: (event) => events.push(event) });
    const lines = writeStartUpReport(config, () => Date.UTC(2026, 0, 1))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(lines).toContainEqual({
      severity: 'INFO',
      time: '2026-01-01T00:00:00.000Z',
      event: 'setting',
      variable: 'FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY',
      value: '[redacted]',
      source: 'environment',
      message: 'FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY is [redacted] (environment)',
    });
    expect(lines).toContainEqual({
      severity: 'INFO',
      time: '2026-01-01T00:00:00.000Z',
      event: 'setting',
      variable: 'FASTMCP_SERVER_AUTH_JWT_CLOCK_SKEW',
      value: '60',
      source: 'default',
      message: 'FASTMCP_SERVER_AUTH_JWT_CLOCK_SKEW is 60 (default)',
    });
    const everything = [lines, events, config].flatMap((each) => [
      JSON.stringify(each),
      inspect(each, { depth: 20, showHidden: true }),
    ]);
    expect(everything.join()).not.toContain(hmacKey.slice(4, 16));
  });

  it('is for people in development', async () => {
    const report = writeStartUpReport(await load({ ...changes, ...dev }));

    expect(report).toMatch(/^ {2}ENVIRONMENT +"development" +environment$/m);
    expect(report).toMatch(/JWT_PUBLIC_KEY +\[redacted\] +environment$/m);
    expect(report).not.toContain(hmacKey.slice(4, 16));
  });

  it('shows no secret that is in the wrong variable', async () => {
    const swapped = { ...opaque, INTROSPECTION_CLIENT_ID: hmacKey, PORT: hmacKey };
    const problems = await problemsOf(swapped);
    const report = writeStartUpReport(await load({ ...swapped, PORT: '1' }));

    expect(problems).toEqual([expect.stringContaining('PORT: must be')]);
    expect(`${problems.join()}${report}`).not.toContain(hmacKey);
  });

  it('keeps escape sequences and line breaks out of the log', async () => {
    const problems = await problemsOf({ JWT_ALGORITHM: 'RS256\u001b[31m\nx\u202e' });

    expect(problems.join()).toMatch(/^[\x20-\x7e]+$/);
  });
});
