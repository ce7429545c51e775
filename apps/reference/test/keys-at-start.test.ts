/** The server fetches keys at the start, and does not wait for them. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startReference, startWithAuthorizationServer } from './reference-server.ts';

const prefix = 'FASTMCP_SERVER_AUTH_';

async function untilLogged(
  log: readonly string[],
  event: string,
): Promise<Record<string, unknown>> {
  for (;;) {
    const line = log.map((each) => JSON.parse(each)).find((each) => each.event === event);
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('CASE-50: has the keys before the first request', async () => {
  const { server, authorizationServer, log } = await startWithAuthorizationServer();
  onTestFinished(async () => {
    await server.stop();
    await authorizationServer.stop();
  });

  expect(await untilLogged(log, 'keys_loaded')).toMatchObject({ severity: 'INFO' });
});

it.each([
  ['takes connections and says nothing', () => {}],
  ['closes every connection', (socket: { destroy(): void }) => void socket.destroy()],
])('CASE-50: is ready at once, and logs that a key server %s', async (_name, treat) => {
  const dead = createServer(treat).listen(0, '127.0.0.1');
  await once(dead, 'listening');
  const { port } = dead.address() as AddressInfo;
  const { server, log } = await startReference({
    [`${prefix}TYPE`]: 'jwt',
    [`${prefix}JWT_ISSUER`]: `http://localhost:${port}`,
    [`${prefix}JWT_AUDIENCE`]: 'https://notes.example.com/mcp',
    [`${prefix}JWT_JWKS_URI`]: `http://localhost:${port}/jwks`,
  });
  onTestFinished(async () => {
    await server.stop();
    dead.close();
  });
  const { state } = server;
  const line = await untilLogged(log, 'keys_unavailable');

  expect(state).toBe('ready');
  expect(line).toMatchObject({ severity: 'ERROR' });
});
