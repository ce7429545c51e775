import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  createReporter,
  Secret,
  type SecretChange,
  type SecretLookup,
  type SecretProvider,
} from '@sallyport/core';
import type { FileSecretsEvent } from './event.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { type FileText, readSecretFile } from './read-secret-file.ts';
import { readSettled } from './read-settled.ts';

/** Options for {@link createFileSecrets}. */
export interface FileSecretsOptions {
  /** Where the secrets are mounted: an absolute path. Nothing outside of it is ever read. */
  readonly directory: string;
  /** How often files that are watched are looked at, in seconds: 1 to 3,600. Default 10. */
  readonly pollSeconds?: number;
  /** Receives events for operators. What it throws is ignored. Default: events are dropped. */
  readonly onEvent?: (event: FileSecretsEvent) => void;
  /** Timer of what is watched; rejects when the signal aborts. Default one that keeps no process alive. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Secrets of one directory. A name is the path of a file in it, such as `jwt-issuer/latest`. */
export interface FileSecrets extends SecretProvider {
  /**
   * Looks at a file again and again, and tells when it has another text.
   *
   * @returns what ends it.
   * @throws {ConfigError} for a name that cannot be one.
   */
  watch(name: string, listener: (change: SecretChange) => void): () => void;
  close(): Promise<void>;
}

const graceMs = 1_000;

interface Known {
  readonly secret: Secret;
  readonly version: string;
  readonly reading: FileText;
}

// Segments that begin with a dot are how Kubernetes keeps what it swaps.
const namePattern = /^[A-Za-z0-9_-][\w.-]{0,254}(\/[A-Za-z0-9_-][\w.-]{0,254}){0,3}$/;

const optionChecks: Checks<FileSecretsOptions> = {
  directory: check.text,
  pollSeconds: check.optional(check.number),
  onEvent: check.optional(check.callback),
  wait: check.optional(check.callback),
};

/**
 * Looks secrets up in files, as Kubernetes and Cloud Run mount them. They are read each time, so a file
 * that was replaced is in force at once.
 *
 * A file that was good stays so while it is empty, unreadable or gone: it may be on the way to its next
 * version.
 *
 * @throws {ConfigError} When an option cannot be used.
 */
export function createFileSecrets(given: FileSecretsOptions): FileSecrets {
  const options = checkOptions('file', given, optionChecks);
  const { directory, pollSeconds = 10, onEvent } = options;
  const {
    wait = (milliseconds, signal) => sleep(milliseconds, undefined, { signal, ref: false }),
  } = options;
  if (typeof directory !== 'string' || !directory.startsWith('/')) {
    throw new ConfigError('file.directory', 'must be an absolute path');
  }
  if (!(typeof pollSeconds === 'number' && pollSeconds >= 1 && pollSeconds <= 3_600)) {
    throw new ConfigError('file.pollSeconds', 'must be a number from 1 to 3600');
  }
  const closed = new AbortController();
  const lastGood = new Map<string, Known>();

  const report = createReporter<FileSecretsEvent>(onEvent);

  async function read(name: string): Promise<Known | undefined> {
    if (!namePattern.test(name)) {
      throw new ConfigError('file.name', 'must be the path of a file below the directory');
    }
    const before = lastGood.get(name);
    const reading = await readSettled(directory, name, before?.reading);
    if ('text' in reading) {
      const { version, storedBytes, usedBytes, text } = reading;
      if (before?.version === version && before.secret.reveal() === text) {
        lastGood.set(name, { ...before, reading });
        return before;
      }
      if (usedBytes !== storedBytes) {
        report({ type: 'secret_trailing_newline', name, version, storedBytes, usedBytes });
      }
      report({ type: 'secret_loaded', name, version, isNew: true });
      const known = { secret: new Secret(text), version, reading };
      lastGood.set(name, known);
      return known;
    }
    const { fault, detail } = reading;
    if (before !== undefined) {
      report({ type: 'secret_stale', name, version: before.version, fault, detail });
      return before;
    }
    if (fault === 'not_found') return undefined;
    throw new AuthError('upstream_unavailable', { detail: `secret ${name}: ${detail}` });
  }

  const turns = createOneAtATime<Known | undefined>();
  const readInTurn = (name: string) => turns.run(name, () => read(name));

  /** Stops waiting for a stalled mount when the caller's signal aborts. */
  function readUntil(name: string, signal: AbortSignal): Promise<Known | undefined> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        const before = lastGood.get(name);
        const detail = 'it was not read in time: its mount may stall';
        if (before === undefined) {
          reject(new AuthError('upstream_unavailable', { detail: `secret ${name}: ${detail}` }));
          return;
        }
        report({
          type: 'secret_stale',
          name,
          version: before.version,
          fault: 'unreadable',
          detail,
        });
        resolve(before);
      };
      // The read continues without a caller. A caller must not wait for a stalled file.
      const timer = signal.aborted ? setTimeout(giveUp, graceMs) : undefined;
      signal.addEventListener('abort', giveUp, { once: true });
      readInTurn(name)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
        });
    });
  }

  /** The first text of a watched file, even if half written. Later texts are compared with it. */
  async function glance(name: string): Promise<Known | undefined> {
    return turns.run(`${name}\0first`, async () => {
      const reading = await readSecretFile(directory, name);
      if (!('text' in reading)) return undefined;
      return { secret: new Secret(reading.text), version: reading.version, reading };
    });
  }

  async function follow(
    name: string,
    listener: (change: SecretChange) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let previous = lastGood.get(name) ?? (await glance(name));
    for (;;) {
      await wait(pollSeconds * 1_000, signal);
      const current = await readInTurn(name).catch(() => undefined);
      if (current === undefined || current.secret.reveal() === previous?.secret.reveal()) continue;
      const { secret, version } = current;
      listener({ name, secret, version, previousVersion: previous?.version });
      previous = current;
    }
  }

  return {
    name: 'file',

    async get(name, { signal }): Promise<SecretLookup> {
      const known = await readUntil(name, signal);
      if (known === undefined) return { found: false };
      return { found: true, secret: known.secret, version: known.version };
    },

    watch(name, listener) {
      if (!namePattern.test(name)) {
        throw new ConfigError('file.name', 'must be the path of a file below the directory');
      }
      const ended = new AbortController();
      // A listener that fails gets the next change all the same.
      const tell = createReporter<SecretChange>(listener, 'file.listener');
      // It rejects when it is ended.
      follow(name, tell, AbortSignal.any([closed.signal, ended.signal])).catch(() => {});
      return () => ended.abort();
    },

    async close() {
      closed.abort();
    },
  };
}
