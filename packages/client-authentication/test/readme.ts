import { clientSecretBasic } from '@sallyport/client-authentication';
import { Secret } from '@sallyport/core';

const authentication = clientSecretBasic({
  clientId: 'notes-server',
  secret: new Secret('from a secret store'),
});

export const { headers, parameters } = await authentication.present(false);
