/** One text, one reading: what can be read in two ways is refused. */
import { expect, it } from 'vitest';
import { writeStartUpReport } from '../src/index.ts';
import { load, problemsOf } from './set-up.ts';

it.each([
  '{"write_note": ["write:data"], "write_note": []}',
  '{"write_note": ["write:data"], "write\\u005fnote": []}',
  '{"": ["write:data"], "": []}',
  '{"write_note": ["a"], "__proto__": {"x": ["b"]}}',
  '{"write_note": "write:data"}',
  '{write_note: ["write:data"]}',
  '[["write_note", ["write:data"]]]',
])('CASE-70: TOOL_SCOPES=%s is refused', async (text) => {
  expect(await problemsOf({ TOOL_SCOPES: text })).toEqual([
    expect.stringContaining('TOOL_SCOPES: must be JSON'),
  ]);
});

it.each([
  ['{"a:b": ["c:d"], "e:": ["f"]}', { 'a:b': ['c:d'], 'e:': ['f'] }],
  ['{}', {}],
])('CASE-70: TOOL_SCOPES=%s has one reading', async (text, scopes) => {
  expect((await load({ TOOL_SCOPES: text })).toolScopes).toEqual(scopes);
});

it.each(['1e3', '0x10', '60.0', '+60', '6_0', '٦٠', '-0', '"60"'])(
  'CASE-70: a number is not read from %s',
  async (text) => {
    expect(await problemsOf({ JWT_CLOCK_SKEW: text })).toEqual([
      expect.stringContaining('JWT_CLOCK_SKEW: must be a whole number from 0 to 120'),
    ]);
  },
);

it.each(['yes', 'TRUE', '1', 'on', '"true"'])('CASE-70: true is not read from %s', async (text) => {
  expect(await problemsOf({ RATE_LIMIT_ENABLED: text })).toEqual([
    expect.stringContaining('RATE_LIMIT_ENABLED: must be true or false'),
  ]);
});

it('CASE-43: an audience without a path moves the endpoint, and a sentence says so', async () => {
  const moved = expect.stringContaining('RESOURCE_URL: is not set, and the audience has no path');
  for (const audience of ['https://notes.acme-corp.dev', 'https://notes.acme-corp.dev:8443']) {
    expect((await load({ JWT_AUDIENCE: audience })).warnings).toContainEqual(moved);
  }
  const named = { RESOURCE_URL: 'https://notes.acme-corp.dev/mcp' };
  const { warnings } = await load({ JWT_AUDIENCE: 'https://notes.acme-corp.dev', ...named });

  expect(warnings).not.toContainEqual(moved);
  expect((await load({})).warnings).not.toContainEqual(moved);
});

it('CASE-68: a password for Redis without TLS is warned of, in production', async () => {
  const clear = { RATE_LIMIT_REDIS_URL: 'redis://:hunter2hunter2@10.0.0.3:6379' };
  const warned = expect.stringContaining('RATE_LIMIT_REDIS_URL: sends its credentials without TLS');
  const config = await load(clear);

  expect(config.warnings).toContainEqual(warned);
  expect(writeStartUpReport(config)).not.toContain('hunter2');
  expect((await load({ ...clear, ENVIRONMENT: 'development' })).warnings).not.toContainEqual(
    warned,
  );
  expect((await load({ RATE_LIMIT_REDIS_URL: 'redis://10.0.0.3' })).warnings).not.toContainEqual(
    warned,
  );
});

it.each(['?maxRetriesPerRequest=20', '?enableOfflineQueue=true', '#x', '/0?commandTimeout=0'])(
  'CASE-68: options of Redis in its URL are refused: %s',
  async (options) => {
    expect(await problemsOf({ RATE_LIMIT_REDIS_URL: `rediss://10.0.0.3:6379${options}` })).toEqual([
      expect.stringContaining('RATE_LIMIT_REDIS_URL: must not have options'),
    ]);
  },
);
