import { check } from '@sallyport/core';
import {
  type ProviderOptions,
  type RequiredAudience,
  trustProvider,
} from '@sallyport/verifier-jwt';
import { audienceChecks, type Provider, providerChecks } from '@sallyport/verifier-jwt/providers';

interface AcmeOptions extends ProviderOptions, RequiredAudience {
  readonly stage: string;
}

export const acme: Provider<AcmeOptions> = {
  name: 'acme',
  title: 'Acme ID',
  options: () => ({ ...providerChecks, ...audienceChecks, stage: check.text }),
  describe(options) {
    const issuer = `https://${options.stage}.id.acme.com`;
    return {
      issuer,
      jwksUrl: `${issuer}/keys`,
      recipients: options,
      algorithms: ['ES256'],
      profile: 'legacy',
    };
  },
  tenant: {
    allowed: 'the stage, such as `live`',
    example: 'live',
    options: (stage) => ({ stage }),
  },
  audience: 'server',
};

export const trustAcme = (options: AcmeOptions) => trustProvider(acme, options);
