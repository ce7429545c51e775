/** Where the records of API keys are: a Redis for one gate, and a file for the other one. Both can go back in time. */
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiKeyStore, createFileKeyStore } from '@sallyport/verifier-api-key';
import { createRedisKeyStore } from '@sallyport/verifier-api-key/redis';
import type { KeyStoreName } from './facts.ts';
import type { RedisBehindProxy } from './redis-behind-proxy.ts';

export const keyFileFaults = ['missing', 'cut', 'a folder'] as const;
export type KeyFileFault = (typeof keyFileFaults)[number];

/** What operators use, apart from the gate. */
export interface KeyStores {
  readonly path: string;
  readonly stores: Readonly<Record<KeyStoreName, ApiKeyStore>>;
  /** Brings back the record of a revoked key as it was before. */
  forgetRevocation(store: KeyStoreName, id: string): Promise<void>;
  fault(fault: KeyFileFault): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

interface KeyStoreOptions {
  readonly direct: RedisBehindProxy['direct'];
  readonly resource: string;
  readonly prefix: string;
}

export async function openKeyStores(options: KeyStoreOptions): Promise<KeyStores> {
  const { direct, resource, prefix } = options;
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  const path = join(folder, 'keys.json');
  const saved = `${path}.saved`;
  const place = `${prefix}{${hash('sha256', resource).slice(0, 16)}}`;

  async function forgetInFile(id: string): Promise<void> {
    const file: { keys: { record: { id: string }; revokedAt?: number }[] } = JSON.parse(
      await readFile(path, 'utf8'),
    );
    for (const key of file.keys) if (key.record.id === id) delete key.revokedAt;
    await writeFile(`${path}.backup`, JSON.stringify(file), { mode: 0o600 });
    await rename(`${path}.backup`, path);
  }

  return {
    path,
    stores: {
      redis: createRedisKeyStore({ client: direct, resource, prefix, timeoutSeconds: 1 }),
      file: createFileKeyStore({ path }),
    },

    async forgetRevocation(store, id) {
      if (store === 'file') return forgetInFile(id);
      const digest = await direct.hget(`${place}:ids`, id);
      await direct.hdel(`${place}:key:${digest}`, 'revokedAt');
    },

    async fault(fault) {
      await rename(path, saved);
      if (fault === 'cut') await writeFile(path, (await readFile(saved, 'utf8')).slice(0, -20));
      if (fault === 'a folder') await mkdir(path);
    },

    async restore() {
      await rm(path, { recursive: true, force: true });
      await rename(saved, path);
    },

    close: () => rm(folder, { recursive: true, force: true }),
  };
}
