/** What the types of presets must refuse. The type check fails where one of these compiles. */
import type { Environment } from '@sallyport/core';
import { type HmacKeySource, providers, type TrustedIssuer } from '../../src/index.ts';

declare const environment: Environment;
declare const secret: HmacKeySource;
const realm = { environment, baseUrl: 'https://sso.acme.com', realm: 'staff' };
const auth0 = { environment, domain: 'acme.eu.auth0.com', audience: 'https://mcp.acme.com/mcp' };

export const presets: readonly (() => TrustedIssuer)[] = [
  () => providers.keycloak({ ...realm, clientIds: ['notes'] }),
  // @ts-expect-error neither audience nor clients
  () => providers.keycloak({ ...realm }),
  // @ts-expect-error no clients at all
  () => providers.keycloak({ ...realm, clientIds: [] }),
  // @ts-expect-error neither audience nor clients
  () => providers.clerk({ environment, domain: 'clerk.acme.com' }),
  // @ts-expect-error no clients
  () => providers.cognito({ environment, region: 'eu-west-1', userPoolId: 'eu-west-1_a' }),
  // @ts-expect-error no clients
  () => providers.supabase({ environment, projectRef: 'abcdefghijklmnopqrst' }),
  // @ts-expect-error no clients
  () => providers.authentik({ environment, baseUrl: 'https://sso.acme.com', slug: 'notes' }),
  // @ts-expect-error no tenants
  () => providers.entra({ environment, tenants: [], audience: 'api' }),
  // @ts-expect-error no audience
  () => providers.auth0({ environment, domain: 'acme.eu.auth0.com' }),
  // @ts-expect-error an audience for everybody
  () => providers.auth0({ ...auth0, audience: null }),
  // @ts-expect-error a shared secret
  () => providers.auth0({ ...auth0, keys: secret }),
  // @ts-expect-error an algorithm for shared secrets
  () => providers.auth0({ ...auth0, algorithms: ['HS256'] }),
  // @ts-expect-error no algorithm at all
  () => providers.auth0({ ...auth0, algorithms: [] }),
  // @ts-expect-error the org authorization server
  () => providers.okta({ environment, domain: 'acme.okta.com', audience: 'api://default' }),
  // @ts-expect-error where the program runs is not said
  () => providers.google({ audience: 'client-1' }),
];
