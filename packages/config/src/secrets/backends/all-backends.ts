/**
 * Every secret backend that variables can name. A row has all that this package knows of a backend: its
 * variables, the form of a reference, and how it opens.
 */
import { awsBackend } from './aws-backend.ts';
import { fileBackend } from './file-backend.ts';
import type { SecretBackend } from './secret-backend.ts';
import { secretManagerBackend } from './secret-manager-backend.ts';
import { vaultBackend } from './vault-backend.ts';

/** In the order of the README. The environment is not among them: nothing has to be opened for it. */
export const secretBackends: readonly [SecretBackend, ...SecretBackend[]] = [
  secretManagerBackend,
  awsBackend,
  fileBackend,
  vaultBackend,
];
