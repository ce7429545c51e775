/** Secrets in files, as Kubernetes, Docker and Cloud Run mount them. */
import { stat } from 'node:fs/promises';
import { ConfigError } from '@sallyport/core';
import { z } from 'zod';
import { loadPackage } from '../../optional-package.ts';
import { exactText, prefix, type Variable } from '../../variables/variable.ts';
import type { SecretBackend } from './secret-backend.ts';

const secretDirectory: Variable<string | undefined> = {
  ...exactText('SECRET_DIRECTORY', {
    meaning: 'For `file`: the directory where the secrets are mounted, one file for each',
    cure: 'Set it to the directory where the secrets are mounted, such as /run/secrets',
  }),
  allowed: 'an absolute path, such as /run/secrets',
  schema: () => z.string().regex(/^\/\S*$/),
  secretNames: [],
};

// How often watched files are read, unless the time to live is shorter.
const pollSeconds = 10;

export const fileBackend: SecretBackend = {
  name: 'file',
  hint: /file|dir|mount|docker|k8s|kubernetes/i,
  scheme: 'file',
  referenceForm: 'file://name, where name is a path below the directory',
  variables: [secretDirectory],
  variableOf: { 'file.directory': secretDirectory },

  prepare(settings, { cacheTtlSeconds, onEvent }) {
    const directory = settings.require(secretDirectory);
    if (directory === undefined) return undefined;
    return {
      nameOf: (secret) => secret,
      async open() {
        const { createFileSecrets } = await loadPackage(
          '@sallyport/secrets-file',
          `${prefix}SECRET_BACKEND`,
          () => import('@sallyport/secrets-file'),
        );
        await assertDirectory(directory);
        return createFileSecrets({
          directory,
          pollSeconds: Math.min(pollSeconds, cacheTtlSeconds),
          onEvent,
        });
      },
    };
  },
};

/** Without this check, a misspelt path would make every secret seem absent. */
async function assertDirectory(path: string): Promise<void> {
  const stats = await stat(path).catch(({ code }: NodeJS.ErrnoException) => code ?? 'it failed');
  if (typeof stats === 'string') {
    throw new ConfigError('file.directory', `must be a directory that can be read: ${stats}`);
  }
  if (!stats.isDirectory()) throw new ConfigError('file.directory', 'must be a directory');
}
