import { environment, ignore, issuer, now, random, resource } from './parts.ts';
import type { Kind, Row } from './row.ts';

const fetched = {
  environment,
  cacheTtlSeconds: 300,
  maximumStaleSeconds: 600,
  timeoutSeconds: 5,
  onKeyEvent: ignore,
  monotonicNow: now,
  algorithms: ['RS256'],
  clockToleranceSeconds: 60,
  maximumLifetimeSeconds: 3_600,
};
const named = { audience: resource, clientIds: ['client'] };
const guid = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const audience: readonly Kind[] = ['array'];

function provider(
  options: Readonly<Record<string, unknown>>,
  required: string,
  more?: Row['also'],
): Row {
  return {
    good: () => [{ ...fetched, ...options }],
    required: { 0: ['environment', ...required.split(' ')] },
    also: { audience, ...more },
  };
}

const keys = 'verifier-jwt providers.';
const asked = 'verifier-introspection introspectionProviders.';
const client = { environment, audience: resource, clientId: 'client', secret: random() };

function introspected(options: Readonly<Record<string, unknown>>, required: string): Row {
  return {
    good: () => [options],
    required: { 0: ['environment', ...required.split(' ')] },
    also: { audience, secret: ['function'], apiKey: ['function'], secretKey: ['function'] },
  };
}

export const providerRows: Readonly<Record<string, Row>> = {
  [`${keys}auth0`]: provider(
    { ...named, domain: 'acme.eu.auth0.com', permissions: true },
    'audience domain',
  ),
  [`${keys}authentik`]: provider(
    {
      baseUrl: 'https://id.example.com',
      slug: 'notes',
      clientIds: ['client'],
      allowPrivateNetwork: true,
    },
    'baseUrl slug clientIds',
  ),
  [`${keys}clerk`]: provider({ ...named, domain: 'clerk.example.com' }, 'domain'),
  [`${keys}cognito`]: provider(
    { ...named, region: 'eu-central-1', userPoolId: 'eu-central-1_AbCdEfGhI' },
    'region userPoolId clientIds',
  ),
  [`${keys}descope`]: provider(
    {
      ...named,
      projectId: 'P2abcdefghijklmnop',
      issuer: { tenantId: 'T2abc' },
      domain: 'api.descope.com',
    },
    'audience projectId issuer',
    { issuer: ['string'] },
  ),
  [`${keys}entra`]: provider(
    { ...named, tenants: [guid], tokenVersion: 2, signingApplicationId: guid },
    'audience tenants',
  ),
  [`${keys}google`]: provider({ ...named, hostedDomain: 'example.com' }, 'audience'),
  [`${keys}googleIap`]: provider(
    { audience: '/projects/123/global/backendServices/456', algorithms: ['ES256'] },
    'audience',
  ),
  [`${keys}firebase`]: provider({ projectId: 'acme-notes' }, 'projectId'),
  [`${keys}keycloak`]: provider(
    { ...named, baseUrl: 'https://id.example.com', realm: 'notes', roles: { client: 'notes' } },
    'baseUrl realm',
    { roles: ['string'] },
  ),
  [`${keys}logto`]: provider({ ...named, domain: 'acme.logto.app' }, 'audience domain'),
  [`${keys}okta`]: provider(
    { ...named, domain: 'acme.okta.com', authorizationServerId: 'default' },
    'audience domain authorizationServerId',
  ),
  [`${keys}oryHydra`]: provider({ ...named, issuer }, 'audience issuer'),
  [`${keys}ping`]: provider(
    { ...named, environmentId: guid, region: 'eu' },
    'audience environmentId region',
  ),
  [`${keys}stytch`]: provider(
    { ...named, projectId: `project-live-${guid}`, domain: 'login.example.com' },
    'audience projectId',
  ),
  [`${keys}supabase`]: provider(
    { projectRef: 'abcdefghijklmnopqrst', clientIds: [guid] },
    'projectRef clientIds',
  ),
  [`${keys}workos`]: provider({ ...named, domain: 'acme.authkit.app' }, 'audience domain'),
  [`${keys}zitadel`]: provider({ ...named, baseUrl: 'https://id.example.com' }, 'audience baseUrl'),

  [`${asked}okta`]: introspected(
    { ...client, domain: 'acme.okta.com', authorizationServerId: 'default' },
    'audience clientId secret domain authorizationServerId',
  ),
  [`${asked}keycloak`]: introspected(
    { ...client, baseUrl: 'https://id.example.com', realm: 'notes' },
    'audience clientId secret baseUrl realm',
  ),
  [`${asked}logto`]: introspected(
    { ...client, domain: 'acme.logto.app' },
    'audience clientId secret domain',
  ),
  [`${asked}oryHydra`]: introspected(
    {
      environment,
      audience: resource,
      issuer,
      adminUrl: 'https://admin.example.com',
      apiKey: random(),
    },
    'audience issuer adminUrl',
  ),
  [`${asked}ping`]: introspected(
    { ...client, environmentId: guid, region: 'eu' },
    'audience clientId secret environmentId region',
  ),
  [`${asked}stytch`]: introspected(
    { ...client, projectId: `project-live-${guid}` },
    'audience clientId secret projectId',
  ),
  [`${asked}google`]: introspected({ environment, audience: resource }, 'audience'),
  [`${asked}clerk`]: introspected(
    { environment, domain: 'clerk.example.com', secretKey: random() },
    'domain secretKey',
  ),
};
