import { detectEnvironment } from '@sallyport/core';
import { createLiveView } from '@sallyport/landing-page/development';
import { afterEach, describe, expect, it } from 'vitest';
import { createDecisionLog } from '../../src/live/decision-log.ts';
import { askAsIs } from '../ask-as-is.ts';
import { type LiveServer, startLiveServer } from '../live-server.ts';
import { goodToken, hosts } from '../protected-servers.ts';

let server: LiveServer;
afterEach(() => server?.close());

const page = { accept: 'text/html' };

async function open(): Promise<{ key: string; cookie: string; body: string }> {
  const { body, headers } = await askAsIs(server.origin, { path: server.link(), headers: page });
  const [cookie = ''] = String(headers['set-cookie']).split(';', 1);
  return { body, cookie, key: /name="live-view-key" content="([^"]+)"/.exec(body)?.[1] ?? '' };
}

const readState = (key: string, more: Record<string, string> = {}) =>
  askAsIs(server.origin, {
    path: '/mcp?live-view=state',
    headers: { 'x-live-view': key, ...more },
  });

describe.each(Object.keys(hosts).filter((host) => !host.endsWith('HTTP/2')))('on %s', (host) => {
  it('shows decisions to the browser that brings the secret', async () => {
    server = await startLiveServer({}, host);
    const { key } = await open();
    const statuses = [
      await server.call('read_note', goodToken),
      await server.call('read_note'),
      await server.call('read_note', 'a-token-that-nobody-issued'),
    ];
    const { status, headers, body } = await readState(key);
    const state = JSON.parse(body);

    expect(statuses).toEqual([200, 401, 401]);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(state.totals).toEqual({ accepted: 1, refused: 2, limited: 0 });
    expect(state.refusals[0]).toMatchObject({
      code: 'token_inactive',
      detail: 'not one of the static tokens',
    });
    expect(state.latency.median).toBeGreaterThan(0);
    expect(state.keysAgeSeconds).toBeGreaterThanOrEqual(0);
    expect(body).not.toContain('nobody-issued');
  });

  it('PAGE-05: explains a token that the page sends, and keeps nothing of it', async () => {
    server = await startLiveServer({}, host);
    const { key } = await open();
    const answer = await fetch(`${server.origin}/mcp?live-view=explain`, {
      method: 'POST',
      headers: { 'X-Live-View': key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: ' Authorization: Bearer abc.def.ghi\n' }),
    });

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ accepted: false, code: 'token_audience_mismatch' });
    expect(server.explained).toEqual(['abc.def.ghi']);
    const { body } = await readState(key);
    expect(body).not.toContain('abc.def');
    expect(JSON.parse(body).totals).toEqual({ accepted: 0, refused: 0, limited: 0 });
  });
});

it('PAGE-05: opens with each secret once, and lets that browser load the page again', async () => {
  server = await startLiveServer();
  const used = server.link();
  const { key, cookie } = await open();
  const again = await askAsIs(server.origin, { path: used, headers: page });
  const reloaded = await askAsIs(server.origin, {
    path: '/mcp?live-view',
    headers: { ...page, cookie },
  });
  const stranger = await askAsIs(server.origin, { path: '/mcp?live-view', headers: page });
  const next = await open();

  expect([again.status, reloaded.status, stranger.status]).toEqual([403, 200, 403]);
  expect(server.link()).not.toBe(used);
  // The cookie is shared with other ports of this host, so it reads no data.
  expect(reloaded.body).not.toContain(key);
  expect((await readState(cookie.slice(cookie.indexOf('=') + 1))).status).toBe(403);
  expect((await readState(key)).status).toBe(200);
  expect((await readState(next.key)).status).toBe(200);
});

it.each([
  ['a public host', { host: 'notes.example.com' }],
  ['a host that looks like this machine', { host: 'localhost.evil.example' }],
  ['the name of a tunnel', { host: 'abc.tunnel.example' }],
  ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.7' }],
  ['X-Forwarded-For of this machine', { 'x-forwarded-for': '127.0.0.1' }],
  ['X-Forwarded-Host', { 'x-forwarded-host': 'abc.tunnel.example' }],
  ['Forwarded', { forwarded: 'for=203.0.113.7' }],
  ['Via', { via: '1.1 proxy' }],
  ['X-Real-IP', { 'x-real-ip': '203.0.113.7' }],
  ['a content network', { 'cf-connecting-ip': '203.0.113.7' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['the origin of another port', { origin: 'http://localhost:1' }],
  ['an opaque origin', { origin: 'null' }],
  ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ['a page of another port', { 'sec-fetch-site': 'same-site' }],
])('PAGE-05: is not there for a request with %s', async (_what, fields) => {
  server = await startLiveServer();
  const opened = await askAsIs(server.origin, {
    path: server.link(),
    headers: { ...page, ...fields },
  });
  const secret = server.link().split('=')[1] ?? '';
  expect(opened.body).not.toContain('Live view');
  expect(opened.headers['set-cookie']).toBeUndefined();
  const { key } = await open();
  expect(key).not.toBe('');
  expect(secret).not.toBe(server.link().split('=')[1]);

  const { status, body } = await readState(key, fields);
  expect([401, 403]).toContain(status);
  expect(body).not.toContain('totals');
});

it('takes no secret at /, no wrong one, and no body that is too long', async () => {
  server = await startLiveServer();
  const secret = server.link().slice('/mcp'.length);
  const atTop = await askAsIs(server.origin, { path: `/${secret}`, headers: page });
  const wrong = await askAsIs(server.origin, {
    path: `/mcp?live-view=${'a'.repeat(43)}`,
    headers: page,
  });
  const { key } = await open();
  const long = await fetch(`${server.origin}/mcp?live-view=explain`, {
    method: 'POST',
    headers: { 'X-Live-View': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: 'a'.repeat(300_000) }),
  });

  for (const token of [7, ' "" ']) {
    await fetch(`${server.origin}/mcp?live-view=explain`, {
      method: 'POST',
      headers: { 'X-Live-View': key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  }

  expect((await readState('short')).status).toBe(403);
  expect(atTop.body).not.toContain('Live view');
  expect(wrong.status).toBe(403);
  expect(long.status).toBe(403);
  expect(server.explained).toEqual([]);
});

it('counts equal refusals in a row as one, and forgets what is older than ten minutes', () => {
  let now = 1_800_000_000_000;
  const log = createDecisionLog(() => now);
  const refused = (code: string, detail?: string) =>
    log.decided({ event: 'refused', at: now, code, detail, operation: 'tools/call' } as never);
  const first = log.read();
  for (let count = 0; count < 3; count += 1) refused('token_expired', '5 seconds ago');
  refused('token_expired', '6 seconds ago');
  refused('rate_limited');
  // Of a newer version of core.
  refused('token_too_blue');
  const before = log.read();
  now += 600_000;
  log.decided({ event: 'authorized', at: now } as never);
  log.took(1_000);
  for (let count = 0; count < 500; count += 1) log.took(2);
  const after = log.read();

  expect([first.latency, first.keysAgeSeconds]).toEqual([undefined, undefined]);
  expect(before.refusals.map(({ code, words, count }) => [code, words === code, count])).toEqual([
    ['token_too_blue', true, 1],
    ['rate_limited', false, 1],
    ['token_expired', false, 1],
    ['token_expired', false, 3],
  ]);
  expect(before.reasons[0]).toMatchObject({ code: 'token_expired', count: 4 });
  expect(before.slots.at(-1)).toEqual({ accepted: 0, refused: 5, limited: 1 });
  expect(after.totals).toEqual({ accepted: 1, refused: 5, limited: 1 });
  const counted = after.slots.filter(
    ({ accepted, refused, limited }) => accepted + refused + limited,
  );
  expect(counted).toEqual([{ accepted: 1, refused: 0, limited: 0 }]);
  expect(after.latency).toEqual({ median: 2, slow: 2 });
});

it('PAGE-06: is refused in production, whatever else is set', () => {
  const options = { onLink: () => {} };

  for (const variables of [{}, { ENVIRONMENT: 'development', K_SERVICE: 'notes' }]) {
    expect(() => createLiveView({ ...options, environment: detectEnvironment(variables) })).toThrow(
      /liveView\.environment: is production/,
    );
  }
  expect(() =>
    createLiveView({ ...options, environment: { isProduction: false } as never }),
  ).toThrow(/detectEnvironment/);
});
