/** What each row of the table of providers must fit: its own issuer, tenant and presets. */
import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { providers, trustProvider } from '../../src/index.ts';
import * as table from '../../src/providers/table.ts';
import {
  frontDoors,
  knownProviders,
  type Provider,
  type ProviderRules,
} from '../../src/providers.ts';
import { trustAcme } from '../snippets/own-provider.ts';

type Rules = ProviderRules<Parameters<Provider['describe']>[0]>;

const environment = detectEnvironment({});
// Options that any preset takes as recipients. Each row says which of them it knows.
const recipients = { audience: 'notes', clientIds: ['desk'] };

function trust(provider: Provider) {
  const { example, form = /^(.+)$/, options } = provider.tenant;
  const [, first = '', second = ''] = form.exec(example) ?? [];
  const known = Object.entries(recipients).filter(([name]) =>
    Object.hasOwn(provider.options(), name),
  );
  const { audience } = provider;
  const wanted = known.filter(([name]) => audience !== 'tenant' || name !== 'clientIds');
  const all = { environment, ...options(first, second), ...Object.fromEntries(wanted) };
  return trustProvider(provider, all);
}

it('has a preset in code for every row', () => {
  expect(Object.keys(providers)).toEqual(Object.keys(table));
});

it('can name every row, each with the name of its preset', () => {
  const rows = [...knownProviders, ...frontDoors];
  const named = Object.entries<Rules>(table).flatMap(([preset, row]) =>
    rows.filter((provider) => provider === row).map(({ name }) => [preset, name]),
  );

  expect(named).toEqual(
    Object.keys(table).map((preset) => [
      preset,
      preset.replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`),
    ]),
  );
});

it('is a front door where a proxy adds the tokens, and nowhere else', () => {
  expect(frontDoors.every(({ credentialField }) => credentialField !== undefined)).toBe(true);
  expect(knownProviders.filter(({ credentialField }) => credentialField !== undefined)).toEqual([]);
});

it('is not needed for a row of one’s own', () => {
  const trusted = trustAcme({ environment, audience: 'notes', stage: 'live' });

  expect(trusted).toMatchObject({ issuer: 'https://live.id.acme.com', audience: 'notes' });
  expect(trusted.keys).toMatchObject({ url: 'https://live.id.acme.com/keys' });
  expect(() => trustAcme({ environment, audience: 'notes' } as never)).toThrow(
    'jwt.provider.stage: is missing',
  );
});

describe.each(knownProviders.map((provider) => [provider.name, provider] as const))(
  'the row of %s',
  (_name, provider) => {
    const { issuers, issuerMistakes = [], keyMistakes = [], tenant } = provider;
    const trusted = trust(provider);
    const [only = ''] = trusted.tenants ?? [];
    const issuer = trusted.issuer.replace('{tenantid}', only);
    const { url: keysUrl = '' } = trusted.keys as { readonly url?: string };
    const host = new URL(keysUrl).hostname;

    it('says with what it signs, if that is not what every issuer is trusted with', () => {
      const usual = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'];
      const others = trusted.algorithms.some((each) => usual.includes(each))
        ? undefined
        : trusted.algorithms;

      expect(provider.signsWith).toEqual(others);
    });

    it('reads its own example, and takes it for no mistake', () => {
      expect((tenant.mistakes ?? []).filter(([form]) => form.test(tenant.example))).toEqual([]);
      expect(tenant.example).not.toContain(',');
    });

    it('takes its own issuer and keys for no mistake', () => {
      const isRecognised = provider.recognise?.(issuer) !== undefined;
      const mistakes = isRecognised ? [] : issuerMistakes;
      expect(mistakes.filter(([form]) => form.test(issuer))).toEqual([]);
      expect(keyMistakes.filter(([form]) => form.test(keysUrl))).toEqual([]);
      expect([undefined, host]).toContain(provider.keyHost);
    });

    it('recognises no issuer of another provider', () => {
      for (const other of knownProviders.filter((each) => each !== provider)) {
        expect(other.issuers?.test(issuer) ?? false, other.name).toBe(false);
        expect(other.recognise?.(issuer), other.name).toBeUndefined();
      }
    });

    it('recognises its own issuer, where it says how', () => {
      const found = provider.recognise?.(issuer);
      // A custom domain looks like any other, and so does Hydra.
      const isAnywhere = issuers === undefined || tenant.example.endsWith('.acme-corp.dev');
      expect(isAnywhere || issuers?.test(issuer)).toBe(true);
      if (provider.recognise !== undefined) expect(found).toBeDefined();
      if (found?.tenant !== undefined) expect(found.tenant).toBe(tenant.example);
    });

    it('has scopes unless its tokens are ID tokens', () => {
      expect(provider.withoutScopes ?? false).toBe(trusted.profile === 'id-token');
    });

    it('needs clients where the audience does not name a server', () => {
      const needsClients = ['client', 'fixed', 'optional'].includes(provider.audience);
      const { clientIds } = provider.options() as { readonly clientIds?: object };

      if (needsClients) expect(trusted.clientIds).toEqual(recipients.clientIds);
      if (provider.audience === 'tenant') expect(clientIds).toBeUndefined();
      expect(trusted.audience !== undefined || needsClients).toBe(true);
    });

    it('uses forms that keep no state between two tests', () => {
      const lists = [tenant.mistakes, issuerMistakes, keyMistakes, provider.audienceMistakes];
      const forms = [...lists, provider.opaqueTokens].flatMap((list = []) =>
        list.map(([form]) => form),
      );

      expect([...forms, issuers].filter((form) => /[gy]/.test(form?.flags ?? ''))).toEqual([]);
    });
  },
);
