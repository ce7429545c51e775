import { AuthError, ConfigError, Secret, type SecretProvider } from '@sallyport/core';
import { describe } from 'vitest';
import { describeSecretProvider } from '../../src/index.ts';

const present = { name: 'hmac-secret', value: 'correct horse battery staple\n' };
type Get = SecretProvider['get'];

const found = (secret: Secret, version = '1') => ({ found: true, secret, version }) as const;
const get: Get = async (name) => {
  if (!/^[a-z-]{1,255}$/.test(name)) throw new ConfigError('secrets.name', 'is not a name');
  return name === present.name ? found(new Secret(present.value)) : { found: false };
};
const outage: Get = async () => {
  throw new AuthError('upstream_unavailable', { detail: 'try again' });
};

const mutants: Readonly<Record<string, readonly [get: Get, outage: Get]>> = {
  none: [get, outage],
  'calls an outage an absence': [get, async () => ({ found: false })],
  'says nothing about an outage': [
    get,
    () => Promise.reject(new AuthError('upstream_unavailable')),
  ],
  'throws an absence': [
    async (name, context) => {
      const lookup = await get(name, context);
      if (!lookup.found) throw new AuthError('upstream_unavailable');
      return lookup;
    },
    outage,
  ],
  'trims values': [
    async (name, context) => {
      const lookup = await get(name, context);
      return lookup.found ? found(new Secret(present.value.trim())) : lookup;
    },
    outage,
  ],
  'shows values as versions': [
    async (name, context) => {
      const lookup = await get(name, context);
      return lookup.found ? found(lookup.secret, present.value) : lookup;
    },
    outage,
  ],
  'shows values in errors': [
    get,
    async () => {
      throw new AuthError('upstream_unavailable', { detail: 'bad value', cause: present });
    },
  ],
  'follows paths': [
    async (name, context) => get(name.includes('/') ? present.name : name, context),
    outage,
  ],
  'refuses everything': [
    async () => {
      throw new AuthError('upstream_unavailable', { detail: 'not implemented yet' });
    },
    outage,
  ],
  'waits for nobody': [
    get,
    () =>
      new Promise((_resolve, reject) => {
        setTimeout(reject, 7_000, new AuthError('upstream_unavailable', { detail: 'late' }));
      }),
  ],
};

for (const [name, [use, fail]] of Object.entries(mutants)) {
  describe(name, () =>
    describeSecretProvider({
      create: () => ({ name: 'mutant', get: use }),
      createWithOutage: () => ({ name: 'mutant', get: fail }),
      present,
      absentName: 'no-such-secret',
    }),
  );
}
