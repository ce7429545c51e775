/** Addresses of known providers, given in place of what the provider's function returns. */
import { detectEnvironment, type OperationalEvent } from '@sallyport/core';
import { knownProviders } from '@sallyport/verifier-jwt/providers';
import { describe, expect, it } from 'vitest';
import { composeGate } from '../src/index.ts';
import { resource, tools } from './fixture.ts';

const entraTenant = '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const environment = detectEnvironment({});

async function compose(issuer: string, more: { readonly audience?: string } = {}) {
  const events: OperationalEvent[] = [];
  const onEvent = (event: OperationalEvent) => void events.push(event);
  const audit = { emit: () => {} };
  const { close } = await composeGate({
    ...{ resource, issuer, tools, environment, audit, onEvent },
    ...more,
  });
  await close();
  return events;
}

/** An address of each provider, as its tokens have it, and what happens to it. */
const addresses: Readonly<Record<string, readonly [issuer: string, outcome: 'told' | RegExp]>> = {
  auth0: ['https://acme.eu.auth0.com/', 'told'],
  authentik: ['https://id.acme-corp.dev/application/o/notes/', /providers\.authentik/],
  clerk: ['https://acme-corp-12.clerk.accounts.dev', 'told'],
  cognito: ['https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI', 'told'],
  descope: ['https://api.descope.com/v1/apps/P2abcdefghijklmnopqrstuvwxy', 'told'],
  entra: [`https://login.microsoftonline.com/${entraTenant}/v2.0`, 'told'],
  firebase: ['https://securetoken.google.com/acme-notes', /providers\.firebase/],
  google: ['https://accounts.google.com', /providers\.google/],
  keycloak: ['https://id.acme-corp.dev/realms/notes', 'told'],
  logto: ['https://acme.logto.app/oidc', /Logto.*providers\.logto/],
  okta: ['https://acme-corp.okta.com/oauth2/default', 'told'],
  ping: ['https://auth.pingone.eu/8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f/as', 'told'],
  supabase: ['https://abcdefghijklmnopqrst.supabase.co/auth/v1', /Supabase.*providers\.supabase/],
  workos: ['https://acme-corp-12.authkit.app', 'told'],
  zitadel: ['https://acme-corp.zitadel.cloud', 'told'],
};

describe('CASE-37: an issuer that is given as an address', () => {
  it('has a row here for each provider whose addresses have a form', () => {
    const shown = knownProviders.filter(({ issuers, recognise }) => issuers ?? recognise);
    // Its issuer has no scheme, so it is no address.
    const names = shown.map(({ name }) => name).filter((name) => name !== 'stytch');

    expect(Object.keys(addresses).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(addresses))(
    'of %s is named, and never changes a rule silently',
    async (name, [issuer, outcome]) => {
      if (outcome !== 'told') {
        await expect(compose(issuer)).rejects.toThrow(outcome);
        return;
      }
      const events = await compose(issuer);

      expect(events).toHaveLength(1);
      expect(events).toMatchObject([{ type: 'issuer_recognised', provider: name }]);
      expect(events[0]?.['advice']).toContain(`providers.${name}({ … })`);
    },
  );

  it.each([
    ['https://acme.eu.auth0.com', 'must end with a slash'],
    ['https://login.microsoftonline.com/common/v2.0', 'must contain the GUID of your tenant'],
    [`https://login.microsoftonline.com/${entraTenant}/v2.0/`, 'is not an issuer of Entra'],
    ['https://acme-corp.okta.com', 'okta'],
    ['https://auth.acme-corp.dev/.well-known/openid-configuration', 'is the address of metadata'],
    ['https://auth.acme-corp.dev/oauth2/token', 'is the address of metadata or of an endpoint'],
  ])('%s stops the start: %s', async (issuer, problem) => {
    await expect(compose(issuer)).rejects.toThrow(/^protect\.issuer: /);
    await expect(compose(issuer)).rejects.toThrow(new RegExp(problem, 'i'));
  });

  it('of authentik works if the settings name the client that its tokens have as audience', async () => {
    const events = await compose(addresses['authentik']?.[0] ?? '', { audience: 'desk' });

    expect(events).toMatchObject([{ type: 'issuer_recognised', provider: 'authentik' }]);
  });

  it('of Supabase stops the start whatever audience is set: tokens for every client have it', async () => {
    const supabase = addresses['supabase']?.[0] ?? '';

    await expect(compose(supabase, { audience: 'authenticated' })).rejects.toThrow(
      'providers.supabase',
    );
  });

  it.each(['https://auth.example.com', 'https://id.acme-corp.dev/oauth2'])(
    '%s is of no known provider: nothing is said',
    async (issuer) => {
      expect(await compose(issuer)).toEqual([]);
    },
  );
});
