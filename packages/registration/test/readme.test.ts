import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';

it('runs the example of the README', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    ENVIRONMENT: 'development',
    CLIENT_SECRET: 'a client secret for the example',
    SEALING_KEY: 'a sealing key for the example of at least 32 bytes',
    PORT: '0',
  });
  const { server, close } = await import('./readme.ts');
  process.env = before;
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const registered = await fetch(`http://127.0.0.1:${port}/mcp/sign-in/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"redirect_uris":["https://claude.ai/api/mcp/auth_callback"]}',
  });
  server.close();
  server.closeAllConnections();
  await close();

  expect(registered.status).toBe(201);
});

it('REG-27: the routes of Next.js serve every endpoint, as they stand in the README', async () => {
  const before = { ...process.env };
  process.env['SEALING_KEY'] = 'a sealing key for the example of at least 32 bytes';
  const mcp = await import('./snippets/app/mcp/path/route.ts');
  const wellKnown = await import('./snippets/app/well-known/path/route.ts');
  process.env = before;
  onTestFinished(mcp.POST.close);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const name of ['gate.ts', 'mcp/path/route.ts', 'well-known/path/route.ts']) {
    const file = readFileSync(new URL(`snippets/app/${name}`, import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${file}\`\`\`\n`);
  }
  type Handle = typeof mcp.POST;
  const ask = (route: Readonly<Record<string, Handle>>, path: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const handle = route[method] ?? expect.unreachable(`no ${method}`);
    return handle(new Request(`https://mcp.example.com${path}`, init));
  };
  const body = (given: string | URLSearchParams, headers = {}): RequestInit => ({
    method: 'POST',
    headers,
    body: given,
  });
  const registration = body('{"redirect_uris":["https://claude.ai/api/mcp/auth_callback"]}', {
    'Content-Type': 'application/json',
  });
  const statuses = [
    ask(wellKnown, '/.well-known/oauth-protected-resource/mcp'),
    ask(wellKnown, '/.well-known/oauth-authorization-server/mcp/sign-in'),
    ask(wellKnown, '/.well-known/oauth-authorization-server'),
    ask(mcp, '/mcp/sign-in/register', registration),
    ask(mcp, '/mcp/sign-in/token', { method: 'OPTIONS' }),
    ask(mcp, '/mcp/sign-in/token', body(new URLSearchParams({ grant_type: 'password' }))),
    ask(mcp, '/mcp/sign-in/authorize'),
    ask(mcp, '/mcp/sign-in/consent', body(new URLSearchParams({ decision: 'allow' }))),
    ask(mcp, '/mcp/sign-in/callback'),
    ask(mcp, '/mcp', { method: 'POST' }),
  ].map(async (answer) => (await answer).status);

  expect(await Promise.all(statuses)).toEqual([200, 200, 200, 201, 204, 400, 400, 403, 400, 401]);
});

it('names tests that exist', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const links = [...readme.matchAll(/\[([^\]]+)\]\(((?:test|nightly)\/[^)]+\.ts)\)/g)];
  const missing = links.filter(([, title = '', file = '']) => {
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    return title !== 'the same test' && !text.includes(title);
  });

  expect(links.length).toBeGreaterThan(40);
  expect(missing.map(([link]) => link)).toEqual([]);
});
