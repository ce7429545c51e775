import { providers } from '../../src/index.ts';
import type { ProviderShape } from './provider-shape.ts';

const clientId = '1234987819200.apps.googleusercontent.com';
const service = '/projects/1234987819200/global/backendServices/6543';

export const google: ProviderShape = {
  preset: (common) => providers.google({ ...common, audience: clientId, hostedDomain: 'acme.com' }),
  algorithm: 'RS256',
  keysUrl: 'https://www.googleapis.com/oauth2/v3/certs',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://accounts.google.com',
    azp: clientId,
    aud: clientId,
    sub: '10769150350006150715113082367',
    at_hash: 'HK6E_P6Dh8Y93mRNtsDB1Q',
    nonce: '0394852-3190485-2490358',
    hd: 'acme.com',
    email: 'ada@acme.com',
    email_verified: true,
  },
  principal: {
    subject: '10769150350006150715113082367',
    clientId,
    audience: [clientId],
    scopes: new Set(),
  },
  neighbours: {
    'another tenant': { claims: { hd: 'acme.com.evil.com' }, code: 'token_claim_invalid' },
    'a personal account': { claims: { hd: undefined }, code: 'token_claim_invalid' },
    'an address nobody verified': {
      claims: { email_verified: false },
      code: 'token_claim_invalid',
    },
    'for somebody else': {
      claims: { aud: '999.apps.googleusercontent.com' },
      code: 'token_audience_mismatch',
    },
    'an access token': {
      claims: {},
      header: { typ: 'at+jwt' },
      code: 'token_type_forbidden',
    },
  },
};

export const googleIap: ProviderShape = {
  preset: (common) => providers.googleIap({ ...common, audience: service }),
  algorithm: 'ES256',
  keysUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://cloud.google.com/iap',
    aud: service,
    azp: service,
    sub: 'accounts.google.com:10769150350006150715113082367',
    email: 'ada@acme.com',
    hd: 'acme.com',
  },
  principal: {
    subject: 'accounts.google.com:10769150350006150715113082367',
    clientId: service,
    audience: [service],
    scopes: new Set(),
  },
  neighbours: {
    'another tenant': {
      claims: { aud: '/projects/999/global/backendServices/6543' },
      code: 'token_audience_mismatch',
    },
    'for somebody else': {
      claims: { aud: '/projects/1234987819200/global/backendServices/65431' },
      code: 'token_audience_mismatch',
    },
    'an ID token of the account': {
      claims: { iss: 'https://accounts.google.com' },
      code: 'token_issuer_untrusted',
    },
    'an access token': { claims: {}, header: { typ: 'at+jwt' }, code: 'token_type_forbidden' },
  },
};

export const firebase: ProviderShape = {
  preset: (common) => providers.firebase({ ...common, projectId: 'acme-notes' }),
  algorithm: 'RS256',
  keysUrl:
    'https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com',
  header: { typ: 'JWT' },
  claims: {
    iss: 'https://securetoken.google.com/acme-notes',
    aud: 'acme-notes',
    auth_time: 1_767_225_000,
    user_id: 'u1',
    sub: 'u1',
    client_id: 'a custom claim of the application',
    firebase: { identities: {}, sign_in_provider: 'password' },
  },
  principal: { subject: 'u1', clientId: 'u1', audience: ['acme-notes'], scopes: new Set() },
  neighbours: {
    'another tenant': {
      claims: { iss: 'https://securetoken.google.com/acme-other', aud: 'acme-other' },
      code: 'token_issuer_untrusted',
    },
    'for somebody else': { claims: { aud: 'acme-other' }, code: 'token_audience_mismatch' },
    'a session cookie': {
      claims: { iss: 'https://session.firebase.google.com/acme-notes' },
      code: 'token_issuer_untrusted',
    },
  },
};
