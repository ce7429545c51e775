/** Variables of the sign-in at this server, for providers that register no clients. */
import { z } from 'zod';
import { exactText, list, secretText, url, type Variable } from './variable.ts';

type Text = Variable<string | undefined>;

export const signInClientId: Text = {
  ...exactText('SIGN_IN_CLIENT_ID', {
    meaning:
      'This server as a client of the provider. Clients then register and sign in at this server (`@sallyport/registration`)',
    allowed: 'the exact id, in ASCII',
  }),
  isOpaque: true,
  schema: () => z.string().regex(/^[\x21-\x7e]+$/),
};
export const signInClientSecret: Text = secretText('SIGN_IN_CLIENT_SECRET', {
  meaning: 'Its secret. Without one, this server is a public client',
});
export const signInKey: Text = {
  ...secretText('SIGN_IN_KEY', {
    meaning: 'Seals client ids, codes and refresh tokens. Every instance needs the same one',
    cure: 'Set it to random text. Make it with: openssl rand -base64 48',
  }),
  allowed: 'random text of at least 32 bytes',
};
export const signInPreviousKey: Text = {
  ...secretText('SIGN_IN_PREVIOUS_KEY', {
    meaning: 'Opens what was sealed before the key changed',
  }),
  allowed: 'random text of at least 32 bytes',
};
export const signInClients: Variable<readonly string[]> = list('SIGN_IN_CLIENTS', {
  meaning:
    '`claude`, `vscode`, `cursor`, `loopback`, and exact redirect addresses. Default: these four',
});
export const signInUrl: Text = url('SIGN_IN_URL', {
  meaning:
    'Cognito: the address of managed login. Entra and Okta: not needed. Other providers: the authorization endpoint',
  cure: 'Set it to the address of managed login, or to the authorization_endpoint of the provider',
});
export const signInTokenUrl: Text = url('SIGN_IN_TOKEN_URL', {
  meaning: 'The token endpoint. Entra, Okta and Cognito: not needed',
  cure: 'Set it to the token_endpoint of the provider',
});
export const signInOrigins: Variable<readonly string[]> = list('SIGN_IN_ORIGINS', {
  meaning: 'Further origins that the provider redirects through before it shows a page',
});

/** All of them, in the order of the README. */
export const signInVariables: readonly Variable[] = [
  signInClientId,
  signInClientSecret,
  signInKey,
  signInPreviousKey,
  signInClients,
  signInUrl,
  signInTokenUrl,
  signInOrigins,
];
