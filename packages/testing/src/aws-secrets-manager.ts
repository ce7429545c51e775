/** The entry point `@sallyport/testing/aws-secrets-manager`. */
export type {
  AwsSecretsManager,
  AwsSecretsManagerOptions,
} from './aws-secrets-manager/start-aws-secrets-manager.ts';
export { startAwsSecretsManager } from './aws-secrets-manager/start-aws-secrets-manager.ts';
