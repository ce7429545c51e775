/** What `dev` says of what happens behind it. */
import { expect, it } from 'vitest';
import { createDevLog } from '../src/serve/dev-log.ts';

const target = { kind: 'http', url: 'http://127.0.0.1:9/mcp' } as const;

/** A log, and what it said on both streams. */
function open() {
  const said = { output: '', errors: '' };
  const stream = (name: 'output' | 'errors') => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const surroundings = { output: stream('output'), errors: stream('errors'), variables: {} };
  const options = { curl: false, inspector: false };
  const log = createDevLog({ target, options } as never, surroundings as never);
  return { log, said };
}

it.each<[string, object, RegExp]>([
  ['a call', { event: 'authorized', operation: 'tools/call hello' }, /^ {2}✓ tools\/call hello\n$/],
  [
    'a refusal',
    { event: 'refused', code: 'token_expired', detail: 'exp: expired\u001b[2J' },
    /^ {2}✗ token_expired\n {4}exp: expired\\u001b\[2J\n$/,
  ],
  ['an event without a code', { event: 'refused' }, /^ {2}✗ refused\n$/],
  ['a good token alone', { event: 'authenticated' }, /^$/],
  [
    'a call of a tool that is named later',
    { event: 'authorized', operation: 'tools/call of an undeclared tool' },
    /^$/,
  ],
])('writes %s on one line', (_name, event, text) => {
  const { log, said } = open();
  log.decided(event as never);

  expect(said.output).toMatch(text);
});

it.each<[string, unknown, RegExp]>([
  [
    'an undeclared tool',
    { method: 'tools/call', params: { name: 'hello' } },
    /✓ tools\/call hello/,
  ],
  ['a tool that a setting names', { method: 'tools/call', params: { name: 'read_note' } }, /^$/],
  ['a tool that a star names', { method: 'tools/call', params: { name: 'write_all' } }, /^$/],
  ['another method', { method: 'ping' }, /^$/],
  ['no message', undefined, /^$/],
])('names the tool of a call that no setting names: %s', (_name, body, text) => {
  const { log, said } = open();
  log.forwarded(body, { read_note: [], 'write_*': [] });

  expect(said.output).toMatch(text);
});

it.each<[object, RegExp]>([
  [
    { type: 'upstream_ended', reason: 'crashed', advice: 'Look at its output.' },
    /^ {2}! upstream_ended: crashed\n {4}Look at its output\.\n$/,
  ],
  [{ type: 'upstream_reloaded', name: 'server.ts' }, /^ {2}! upstream_reloaded: server\.ts\n$/],
  [{ type: 'keys_loaded' }, /^$/],
  [{ type: 'upstream_ended', reason: 'session_over' }, /^$/],
])('writes what a developer should know of %j', (event, text) => {
  const { log, said } = open();
  log.happened(event as never);

  expect(said.output).toMatch(text);
});

it('says on standard error why it did not start', async () => {
  const { log, said } = open();
  await log.notStarted([
    { variable: 'PORT', problem: 'must be a number' },
    { problem: 'the port is in use' },
  ] as never);

  expect(said.errors).toBe(
    '✗ The server did not start.\n  PORT\n    must be a number\n  the port is in use\n',
  );
});

const authentication = (type: string) => ({ authentication: { type }, warnings: ['no limit'] });

it.each<[string, object, RegExp]>([
  ['nobody', { config: authentication('none') }, /Sign-in +nobody has to sign in/],
  ['the settings', { config: authentication('jwt') }, /Sign-in +as the settings say \(jwt\)/],
])('says who has to sign in: %s', async (_name, server, text) => {
  const { log, said } = open();
  await log.listening({ resource: 'http://localhost:8000/mcp', ...server } as never);

  expect(said.output).toMatch(text);
  expect(said.output).not.toContain('TOKEN=');
  expect(said.errors).toMatch(/! no limit/);
});
