import { createCachedSecrets } from '@sallyport/cached-secrets';
import { ConfigError } from '@sallyport/core';

// A store in this process. Yours sends a request.
const store = new Map([['hmac-key', { value: 'kX3vQ9mZrT7bW2pL\n', version: '1' }]]);
export const events: string[] = [];

const secrets = createCachedSecrets({
  name: 'acme',
  canonicalName(name) {
    if (/^[a-z0-9-]{1,255}$/.test(name)) return name;
    throw new ConfigError('acme.name', 'must be lower case letters, digits and -');
  },
  async read(name) {
    const detail = 'there is no such secret';
    return store.get(name) ?? { fault: 'not_found', detail };
  },
  cacheTtlSeconds: 60,
  onEvent: (event) => events.push(event.type),
});

const signal = AbortSignal.timeout(10_000);
export const lookup = await secrets.get('hmac-key', { signal });

store.set('hmac-key', { value: 'bW2pLkX3vQ9mZrT7', version: '2' });
export const next = await secrets.reread('hmac-key', { signal });

await secrets.close();
