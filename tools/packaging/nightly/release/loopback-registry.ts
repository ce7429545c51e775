/** Verdaccio on a free port of this machine: a registry for npm that forwards nothing. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegistryStarted } from './serve-registry.ts';

export interface LoopbackRegistry {
  /** Such as `http://127.0.0.1:4873`. */
  readonly origin: string;
  /** What `changeset publish` needs in its environment to publish here. */
  readonly publisher: Readonly<Record<string, string>>;
  /** The published versions of a package, with the address and the digest of each tarball. */
  readVersions(name: string): Promise<Readonly<Record<string, PublishedVersion>>>;
  stop(): Promise<void>;
}

export interface PublishedVersion {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dist: { readonly tarball: string; readonly integrity: string };
}

/** Starts an empty registry with one account that may publish. */
export async function startLoopbackRegistry(): Promise<LoopbackRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'verdaccio-'));
  const child = fork(new URL('serve-registry.ts', import.meta.url), [folder]);
  const { origin, npmrc } = await waitForStart(child);
  return {
    origin,
    publisher: {
      npm_config_userconfig: npmrc,
      npm_config_registry: `${origin}/`,
      PNPM_CONFIG_REGISTRY: `${origin}/`,
    },
    async readVersions(name) {
      const response = await fetch(`${origin}/${name.replace('/', '%2f')}`);
      if (response.status === 404) return {};
      const { versions } = (await response.json()) as {
        versions: Record<string, PublishedVersion>;
      };
      return versions;
    },
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function waitForStart(child: ChildProcess): Promise<RegistryStarted> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the registry ended with ${code}`);
  });
  const [started] = await Promise.race([once(child, 'message'), ended]);
  return started as RegistryStarted;
}
