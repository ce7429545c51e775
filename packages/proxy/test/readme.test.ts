import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ping, post } from './fixture.ts';
import { startRecordingUpstream } from './recording-upstream.ts';

it('runs the example of the README', async () => {
  const upstream = await startRecordingUpstream();
  Object.assign(process.env, { PORT: '0', UPSTREAM_URL: upstream.url });
  const { server } = await import('./readme.ts');
  delete process.env['PORT'];
  delete process.env['UPSTREAM_URL'];
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = new URL('/mcp', origin);

  expect((await fetch(url, { method: 'POST' })).status).toBe(401);
  expect((await post(url, ping, { token: 'dev-token-12345' })).status).toBe(200);
  expect(upstream.seen[0]?.headers.authorization).toMatch(/^Bearer ey/);
  const keys = await fetch(new URL('/.well-known/sallyport-assertion-keys.json', origin));
  expect(await keys.json()).toMatchObject({ keys: [{ kty: 'EC' }] });
  server.closeAllConnections();
  server.close();
  await upstream.stop();
});
