/** A real Redis, with TLS, whose data outlives it. */
import { connectRedis } from '@sallyport/rate-limit-redis';
import { trusted } from '@sallyport/test-parts/certificates';
import { startRedis as startAnyRedis } from '@sallyport/test-parts/redis-server';

export { hasRedis } from '@sallyport/test-parts/redis-server';

export type RedisServer = Awaited<ReturnType<typeof startRedis>>;

export async function startRedis() {
  const server = await startAnyRedis({ isSecure: true, isDurable: true });
  return {
    ...server,
    /** As another user. */
    urlOf: (user: string, password: string) => server.url.replace('//', `//${user}:${password}@`),
    /** The caller disconnects it. */
    connect: (url = server.url) =>
      connectRedis({ url, tls: { ca: trusted.cert }, timeoutSeconds: 2 }),
  };
}
