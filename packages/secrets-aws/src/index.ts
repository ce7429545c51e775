export type { SecretEvent } from '@sallyport/cached-secrets';
export type { AwsSecrets, AwsSecretsOptions } from './aws-secrets.ts';
export { createAwsSecrets } from './aws-secrets.ts';
