/** Who calls: for each provider, tokens of users, services and workloads, as they are documented. */
import type { providers } from '../../src/index.ts';
import type { Claims } from './fixture-issuer.ts';
import { guid, otherGuid, resource } from './provider-shape.ts';

/** A token that differs from the provider's shape, and what is to be read from it. */
export interface Caller {
  /** Claims in the place of the shape's; `undefined` leaves one out. */
  readonly claims: Claims;
  readonly header?: Claims;
  /** From `iat` to `exp`, in seconds. Default five minutes. */
  readonly lifetime?: number;
  /** Members of the principal. Default those of the shape. */
  readonly principal?: Claims;
}

type Callers = Readonly<Record<string, Caller>>;

const day = 86_400;
const none: ReadonlySet<string> = new Set();
const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const service = { subject: 'service-1', scopes: new Set(['Notes.All']) };

export const callers: Readonly<Record<keyof typeof providers, Callers>> = {
  entra: {
    'a user': { claims: { name: 'Ada', idp: null, xms_tcdt: 1, uti: 'u' }, lifetime: 5_400 },
    'a service': {
      claims: { scp: undefined, roles: ['Notes.All'], idtyp: 'app', azpacr: '2', sub: 'service-1' },
      principal: service,
    },
    'a service without roles': {
      claims: { scp: undefined, roles: [], idtyp: 'app', sub: 'service-1' },
      principal: { subject: 'service-1', scopes: none },
    },
    'a managed identity': {
      claims: {
        scp: undefined,
        roles: ['Notes.All'],
        idtyp: 'app',
        azpacr: '2',
        sub: 'service-1',
        xms_mirid: '/subscriptions/1/resourcegroups/notes',
      },
      lifetime: 86_700,
      principal: service,
    },
    'a workload with a federated credential': {
      claims: { scp: undefined, roles: ['Notes.All'], azpacr: '2', sub: 'service-1', nbf: 0 },
      principal: service,
    },
    'a user whose optional claims are empty': {
      claims: { roles: [], groups: [], upn: '', acct: 0, nonce: '', at_hash: null },
    },
  },
  google: {
    'a user': { claims: { picture: '', locale: null } },
    'a service account of the Workspace': {
      claims: {
        aud: '1234987819200.apps.googleusercontent.com',
        azp: '113774264463038321964',
        sub: '113774264463038321964',
        nonce: undefined,
        at_hash: undefined,
        email: 'notes@acme-notes.iam.gserviceaccount.com',
      },
      lifetime: 3_600,
      principal: { subject: '113774264463038321964', clientId: '113774264463038321964' },
    },
    'a virtual machine': {
      claims: {
        azp: '107517467455664443766',
        sub: '107517467455664443766',
        nonce: undefined,
        google: { compute_engine: { project_id: 'acme-notes', instance_id: '1' } },
      },
      lifetime: 3_600,
      principal: { subject: '107517467455664443766', clientId: '107517467455664443766' },
    },
  },
  googleIap: {
    'a user': { claims: {}, lifetime: 600 },
    'a service account': {
      claims: { sub: 'accounts.google.com:1137', email: 'n@a.iam.gserviceaccount.com', hd: '' },
      lifetime: 600,
      principal: { subject: 'accounts.google.com:1137' },
    },
    'a user of another identity provider': {
      claims: {
        sub: 'sts.google.com:AAFTZ',
        email: undefined,
        hd: undefined,
        workforce_identity: { iam_principal: 'principal://iam.googleapis.com/x' },
      },
      lifetime: 600,
      principal: { subject: 'sts.google.com:AAFTZ' },
    },
  },
  firebase: {
    'a user': { claims: { email: 'ada@acme.com' }, lifetime: 3_600 },
    'an anonymous user': {
      claims: { provider_id: 'anonymous', firebase: { sign_in_provider: 'anonymous' } },
      lifetime: 3_600,
    },
    'a user who signed in with a custom token': {
      claims: { firebase: { identities: {}, sign_in_provider: 'custom' }, email: null },
      lifetime: 3_600,
    },
  },
  auth0: {
    'a user': { claims: {}, lifetime: day },
    'a user, in the profile of RFC 9068': {
      header: { typ: 'at+jwt' },
      claims: { azp: undefined, client_id: 'client-1', jti: 'j-1' },
      lifetime: day,
    },
    'a service': {
      claims: {
        aud: resource,
        sub: 'client-1@clients',
        gty: 'client-credentials',
        scope: 'notes:read',
        permissions: [],
      },
      lifetime: day,
      principal: {
        subject: 'client-1@clients',
        audience: [resource],
        scopes: new Set(['notes:read']),
      },
    },
    'a service without scopes': {
      claims: { aud: resource, sub: 'client-1@clients', scope: undefined, permissions: undefined },
      lifetime: day,
      principal: { subject: 'client-1@clients', audience: [resource], scopes: none },
    },
  },
  okta: {
    'a user': { claims: { auth_time: 1_767_225_000 }, lifetime: day },
    'a service': {
      claims: { uid: undefined, client_id: undefined, sub: '0oabucvyc38HLL1ef0h7' },
      lifetime: 3_600,
      principal: { subject: '0oabucvyc38HLL1ef0h7' },
    },
  },
  keycloak: {
    'a user': { claims: { acr: '1', sid: 's-1', 'allowed-origins': [] } },
    'a user, with the header type of RFC 9068': { header: { typ: 'at+jwt' }, claims: {} },
    'a service account': {
      claims: {
        sub: 'service-1',
        scope: '',
        client_id: 'notes-app',
        clientHost: '10.0.0.7',
        preferred_username: 'service-account-notes-app',
      },
      principal: { subject: 'service-1', scopes: none },
    },
    'a user with DPoP': {
      claims: { typ: 'DPoP', cnf: { jkt: thumbprint } },
      principal: { confirmation: { method: 'jkt', thumbprint } },
    },
    'a user with DPoP, of a version that describes the key': {
      claims: { typ: 'DPoP', cnf: { jkt: thumbprint, 'kc-jkt-type': 'access' } },
      principal: { confirmation: { method: 'jkt', thumbprint } },
    },
  },
  cognito: {
    'a user': { claims: { version: 2, origin_jti: 'o', event_id: 'e' }, lifetime: day },
    'a user of the API': {
      claims: { scope: 'aws.cognito.signin.user.admin' },
      lifetime: day,
      principal: { scopes: new Set(['aws.cognito.signin.user.admin']) },
    },
    'a service': {
      claims: {
        sub: '57cbishk4j24pabc1234567890',
        username: undefined,
        'cognito:groups': undefined,
        scope: 'notes/read',
      },
      lifetime: day,
      principal: { subject: '57cbishk4j24pabc1234567890', scopes: new Set(['notes/read']) },
    },
  },
  workos: {
    'a user': { claims: { sid: 'app_consent_1' }, lifetime: 7 * day },
    'a service': {
      claims: { sub: 'client_01JP8BD0CZ401TDF9X54NT5ZEK', client_id: undefined, scope: undefined },
      lifetime: 3_600,
      principal: {
        subject: 'client_01JP8BD0CZ401TDF9X54NT5ZEK',
        clientId: 'client_01JP8BD0CZ401TDF9X54NT5ZEK',
        scopes: none,
      },
    },
  },
  clerk: { 'a user': { claims: {}, lifetime: day } },
  descope: {
    'a user': { claims: { amr: ['email'], drn: 'DS', tenants: {} } },
    'a service': { claims: { sub: 'client-1' }, principal: { subject: 'client-1' } },
  },
  stytch: {
    'a user': { claims: {} },
    'a service': {
      claims: {
        sub: 'm2m-client-test-d731954d-dab3-4a2b-bdee-07f3ad1be885',
        client_id: undefined,
        scope: 'notes:read',
      },
      lifetime: 3_600,
      principal: {
        subject: 'm2m-client-test-d731954d-dab3-4a2b-bdee-07f3ad1be885',
        clientId: 'm2m-client-test-d731954d-dab3-4a2b-bdee-07f3ad1be885',
        scopes: new Set(['notes:read']),
      },
    },
  },
  supabase: {
    'a user': { claims: { phone: '', app_metadata: {}, is_anonymous: false, aal: 'aal1' } },
    'an anonymous user': { claims: { email: '', is_anonymous: true } },
  },
  logto: {
    'a user': { claims: {} },
    'a service': { claims: { sub: 'app1' }, principal: { subject: 'app1' } },
    'a user of an organization': {
      claims: { organization_id: 'org1', scope: '' },
      principal: { scopes: none },
    },
  },
  oryHydra: {
    'a user': { claims: { nbf: 1_767_225_600, ext: null } },
    'a service': {
      claims: { sub: 'client-1', scp: [] },
      principal: { subject: 'client-1', scopes: none },
    },
  },
  ping: { 'a user': { claims: { env: guid, org: otherGuid, acr: '' }, lifetime: 3_600 } },
  authentik: {
    'a user': { claims: { acr: 'goauthentik.io/providers/oauth2/default', nonce: '' } },
    'a service account': {
      claims: { sub: 'ak-notes', scope: '' },
      principal: { subject: 'ak-notes', scopes: none },
    },
  },
  zitadel: {
    'a user': { claims: { jti: 'j-1', nbf: 1_767_225_600 }, lifetime: 43_200 },
    'a service user': {
      claims: { sub: '345', client_id: 'notes-robot', scope: undefined },
      lifetime: 43_200,
      principal: { subject: '345', clientId: 'notes-robot' },
    },
  },
};
