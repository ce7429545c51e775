export type { FileSecretsEvent } from './event.ts';
export type { FileSecrets, FileSecretsOptions } from './file-secrets.ts';
export { createFileSecrets } from './file-secrets.ts';
