/** What a browser sees of the reference server, in production and in development. */
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openLiveView } from '../src/development/live-view.ts';
import { startServer } from '../src/server.ts';
import { startReference } from './reference-server.ts';

const headers = { Accept: 'text/html' };

it('PAGE-01: shows the page at / and at the MCP endpoint', async () => {
  const { server } = await startReference();
  const { origin } = new URL(server.resource);
  const pages = await Promise.all(
    [origin, server.resource].map(async (url) => (await fetch(url, { headers })).text()),
  );
  const icon = await fetch(`${origin}/favicon.ico`);
  const challenge = await fetch(server.resource);
  await server.stop();

  for (const page of pages) {
    expect(page).toContain('<h1 dir="auto">Sallyport reference: notes</h1>');
    expect(page).toContain(`claude mcp add --transport http notes ${server.resource}`);
  }
  expect([icon.status, challenge.status]).toEqual([200, 401]);
  expect(challenge.headers.get('Vary')).toContain('Accept');
});

it('PAGE-05: opens the live view for the entry point of developers', async () => {
  const server = await startServer(
    { variables: { ENVIRONMENT: 'development', PORT: '0' }, openLiveView },
    () => {},
  );
  const { liveView = '' } = server;
  const [view, again] = [await fetch(liveView, { headers }), await fetch(liveView, { headers })];
  const text = await view.text();
  await server.stop();

  expect([view.status, again.status]).toEqual([200, 403]);
  expect(text).toContain('Explain a token');
});

it('PAGE-06: is not reachable in production, whatever the entry point hands in', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = await startServer(
    {
      variables: {
        PORT: '0',
        FASTMCP_SERVER_AUTH_TYPE: 'jwt',
        FASTMCP_SERVER_AUTH_RESOURCE_URL: 'https://notes.acme-corp.dev/mcp',
        FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://id.acme-corp.dev',
        FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
        FASTMCP_SERVER_AUTH_JWT_ALGORITHM: 'ES256',
        FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY: String(
          publicKey.export({ type: 'spki', format: 'pem' }),
        ),
      },
      openLiveView,
    },
    () => {},
  );
  const local = `http://localhost:${server.port}/mcp`;
  const asked = await fetch(`${local}?live-view`, { headers });
  const text = await asked.text();
  const state = await fetch(`${local}?live-view=state`, { headers: { 'X-Live-View': 'a' } });
  await server.stop();

  expect(server.liveView).toBeUndefined();
  expect(text).not.toMatch(/live.view/i);
  expect(state.status).toBe(401);
});

const built = new URL('../dist/', import.meta.url);

it('PAGE-06: is not part of the program that a container starts', () => {
  const seen = new Set<string>();
  const read = (file: string): string => {
    if (seen.has(file)) return '';
    seen.add(file);
    const text = readFileSync(new URL(file, built), 'utf8');
    const chunks = [...text.matchAll(/["']\.\/([\w-]+\.js)["']/g)].map(([, name = '']) => name);
    return text + chunks.map(read).join('');
  };

  expect(readdirSync(built)).toEqual(expect.arrayContaining(['main.js', 'start.js']));
  expect(read('main.js')).not.toMatch(/landing-page\/development|sallyport\/explain/);
  seen.clear();
  expect(read('start.js')).toMatch(/landing-page\/development/);
});
