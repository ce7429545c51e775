/** Secrets in AWS Secrets Manager. */
import { z } from 'zod';
import { loadPackage } from '../../optional-package.ts';
import { exactText, prefix, type Variable } from '../../variables/variable.ts';
import type { SecretBackend } from './secret-backend.ts';

const region: Variable<string | undefined> = {
  ...exactText('AWS_REGION', {
    meaning: 'For `aws_secrets_manager`: the region that the secrets are in',
    cure: 'Set it to the region that the secrets are in, such as eu-central-1',
  }),
  // Lambda and other platforms set it.
  name: 'AWS_REGION',
  allowed: 'the name of a region, such as eu-central-1',
  schema: () => z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/),
  secretNames: [],
};

export const awsBackend: SecretBackend = {
  name: 'aws_secrets_manager',
  hint: /aws|amazon/i,
  scheme: 'aws-sm',
  referenceForm: 'aws-sm://name or aws-sm://name@version',
  variables: [region],
  variableOf: { 'aws.region': region },

  prepare(settings, { cacheTtlSeconds, awsClientOptions: clientOptions, onEvent }) {
    const name = settings.require(region);
    if (name === undefined) return undefined;
    return {
      nameOf: (secret) => secret,
      async open() {
        const { createAwsSecrets } = await loadPackage(
          '@sallyport/secrets-aws',
          `${prefix}SECRET_BACKEND`,
          () => import('@sallyport/secrets-aws'),
        );
        return createAwsSecrets({ region: name, cacheTtlSeconds, clientOptions, onEvent });
      },
    };
  },
};
