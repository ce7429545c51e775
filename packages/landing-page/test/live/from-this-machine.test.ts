import { expect, it } from 'vitest';
import { isFromThisMachine } from '../../src/live/from-this-machine.ts';

function ask(fields: Record<string, string> = {}, changes: object = {}): boolean {
  return isFromThisMachine({
    host: 'localhost:8000',
    clientAddress: '127.0.0.1',
    field: (name) => [fields[name] ?? []].flat(),
    ...changes,
  });
}

it.each([
  ['nothing special', {}, {}],
  ['the address of this machine', {}, { host: '127.0.0.1:8000' }],
  ['the address of IPv6', {}, { host: '[::1]:8000', clientAddress: '::1' }],
  ['a mapped address', {}, { clientAddress: '::ffff:127.0.0.1' }],
  ['its own origin', { origin: 'http://localhost:8000' }, {}],
  ['its own page', { 'sec-fetch-site': 'same-origin' }, {}],
  ['an address that the host does not know', {}, { clientAddress: 'unknown' }],
])('lets in a request with %s', (_what, fields, changes) => {
  expect(ask(fields, changes)).toBe(true);
});

it.each([
  ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
  ...['x-real-ip', 'cf-connecting-ip', 'cdn-loop', 'true-client-ip', 'tailscale-user-login'],
])('PAGE-05: keeps out a request with %s, also where the server trusts its proxies', (name) => {
  expect(ask({ [name]: '127.0.0.1' }, { ignoresForwarded: false })).toBe(false);
});

it.each([
  ['no host', {}, { host: undefined }],
  ['another address', {}, { clientAddress: '192.0.2.1' }],
  ['another address of IPv6', {}, { clientAddress: '2001:db8::1' }],
  ['a field that only the host knows', {}, { ignoresForwarded: true }],
  ['the origin of another scheme', { origin: 'https://localhost:8000' }, {}],
])('PAGE-05: keeps out a request with %s', (_what, fields, changes) => {
  expect(ask(fields, changes)).toBe(false);
});
