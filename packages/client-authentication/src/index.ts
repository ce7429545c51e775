export type {
  ClientAuthentication,
  ClientSecretOptions,
  Credentials,
  PrivateKeyJwtOptions,
  SecretSource,
} from './client-authentication.ts';
export {
  bearerToken,
  clientSecretBasic,
  clientSecretPost,
  isClientRefused,
  noClientAuthentication,
  privateKeyJwt,
} from './client-authentication.ts';
