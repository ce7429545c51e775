export type { ClientAuthentication } from '@sallyport/client-authentication';
export {
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
} from '@sallyport/client-authentication';
export type { SignInOptions } from './create-sign-in.ts';
export type { CognitoSignInOptions } from './providers/cognito.ts';
export { cognito } from './providers/cognito.ts';
export type { EntraSignInOptions } from './providers/entra.ts';
export { entra } from './providers/entra.ts';
export type { GeneralSignInOptions } from './providers/general.ts';
export { general } from './providers/general.ts';
export type { OktaSignInOptions } from './providers/okta.ts';
export { okta } from './providers/okta.ts';
export type { SignIn, SignInContext } from './sign-in.ts';
export type { SignInEvent } from './sign-in-event.ts';
