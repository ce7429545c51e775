export { readEnvFile } from './env-file.ts';
export type { EnvSecretsOptions } from './env-secrets.ts';
export { createEnvSecrets } from './env-secrets.ts';
export type { EnvSecretsEvent } from './event.ts';
