import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { server, stop } from './readme.ts';

it('shows an example that does what it says', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const look = (accept: string) =>
    fetch(`http://127.0.0.1:${port}/`, { headers: { Accept: accept } });
  const [page, challenge] = [await look('text/html'), await look('*/*')];
  const text = await page.text();
  await stop();

  expect([page.status, challenge.status]).toEqual([200, 401]);
  expect(text).toContain('<h1 dir="auto">Field notes</h1>');
});
