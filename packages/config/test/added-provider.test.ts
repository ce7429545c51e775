/** One row is all that a provider needs: everything that the variables do follows from it. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { check } from '@sallyport/core';
import {
  type AudienceForm,
  audienceChecks,
  type Provider,
  providerChecks,
} from '@sallyport/verifier-jwt/providers';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';
import { type Changes, load, openGate, problemsOf } from './set-up.ts';

interface Options extends NonNullable<Parameters<Provider['describe']>[0]> {
  readonly stage: string;
  readonly pool: string;
  readonly audience?: string | readonly [string, ...string[]];
  readonly clientIds?: readonly [string, ...string[]];
}

/** A provider that does not exist. Only the form of its audience changes from test to test. */
function invent(audience: AudienceForm, more: Partial<Provider<Options>> = {}): Provider {
  const row: Provider<Options> = {
    name: 'gatehouse',
    title: 'Gatehouse',
    options: () => ({
      ...providerChecks,
      ...audienceChecks,
      audience: check.optional(audienceChecks.audience),
      stage: check.text,
      pool: check.text,
    }),
    describe({ stage, pool, ...options }) {
      const issuer = `https://${stage}.gatehouse.acme-corp.dev/${pool}`;
      const given = options as { audience: string };
      return {
        issuer,
        jwksUrl: `${issuer}/keys`,
        recipients: audience === 'tenant' ? { audience: pool } : given,
        algorithms: ['ES256'],
        profile: 'legacy',
        scopeClaims: ['scope'],
      };
    },
    tenant: {
      allowed: 'stage and pool, such as `live/notes`',
      example: 'live/notes',
      form: /^([a-z]+)\/([a-z]+)$/,
      options: (stage, pool) => ({ stage, pool }),
      mistakes: [[/^[a-z]+$/, 'names no pool. Write it as live/notes']],
    },
    audience,
    issuers: /^https:\/\/[a-z]+\.gatehouse\.acme-corp\.dev\/[a-z]+$/,
    issuerMistakes: [
      [/^https:\/\/[a-z]+\.gatehouse\.acme-corp\.dev\/?$/, 'names no pool of Gatehouse. Add it'],
    ],
    keyMistakes: [[/gatehouse\.acme-corp\.dev\/[a-z]+\/certificates$/, 'leads to certificates']],
    sharedDomains: ['acme-corp.dev'],
    ...more,
  };
  return row as Provider;
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuer = 'https://live.gatehouse.acme-corp.dev/notes';
const resource = 'https://notes.acme-corp.dev/mcp';

/** Named, and with a key at hand in place of those that its row says where to fetch. */
const preset: Changes = {
  RESOURCE_URL: resource,
  JWT_AUDIENCE: 'notes',
  JWT_ISSUER: undefined,
  JWT_JWKS_URI: undefined,
  JWT_PROVIDER: 'gatehouse',
  JWT_TENANT: 'live/notes',
  JWT_ALGORITHM: 'ES256',
  JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};

function mint(claims: Readonly<Record<string, unknown>>): string {
  const now = Math.floor(Date.now() / 1_000);
  const all = { iss: issuer, sub: 'ada', scope: 'read:data', iat: now, exp: now + 300, ...claims };
  const text = [{ alg: 'ES256', typ: 'JWT' }, all]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(text), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${text}.${signature.toString('base64url')}`;
}

async function callWith(claims: Readonly<Record<string, unknown>>, row: Provider, more: Changes) {
  const config = await load({ ...preset, ...more }, { providers: [row] });
  const { call } = await openGate(config, { hello: ['read:data'] });
  return call(mint(claims));
}

describe('a provider that somebody adds', () => {
  it('has a name in the variable, beside those of the table', async () => {
    const providers = [invent('server')];

    expect(await problemsOf(preset, { providers })).toEqual([]);
    expect(await problemsOf(preset)).toContainEqual(
      expect.stringContaining('JWT_PROVIDER: must be auth0'),
    );
    expect(await problemsOf({ ...preset, JWT_PROVIDER: 'gatehouze' }, { providers })).toEqual([
      expect.stringMatching(/^JWT_PROVIDER: must be auth0, .* or gatehouse \(it holds/),
    ]);
  });

  it('turns the tenant into the issuer, and accepts its tokens and no others', async () => {
    const row = invent('server');
    const claims = { aud: 'notes', client_id: 'desk' };

    expect(await callWith(claims, row, {})).toBe(200);
    const stranger = { ...claims, iss: 'https://live.gatehouse.acme-corp.dev/other' };
    expect(await callWith(stranger, row, {})).toBe(401);
    expect(await callWith({ ...claims, aud: 'other' }, row, {})).toBe(401);
  });

  it('tells what the tenant is, and what is often taken for it', async () => {
    const providers = [invent('server')];
    const problem = (JWT_TENANT: string | undefined) =>
      problemsOf({ ...preset, JWT_TENANT }, { providers });

    expect(await problem(undefined)).toEqual([
      expect.stringContaining('JWT_TENANT: must be stage and pool, such as `live/notes`'),
    ]);
    expect(await problem('live')).toEqual([
      expect.stringContaining('JWT_TENANT: names no pool. Write it as live/notes'),
    ]);
  });

  it('tells mistakes in the issuer and in the address of the keys, without its preset', async () => {
    const providers = [invent('server')];
    const named = { JWT_PROVIDER: undefined, JWT_TENANT: undefined, JWT_PUBLIC_KEY: undefined };
    const problems = (JWT_ISSUER: string, JWT_JWKS_URI: string) =>
      problemsOf({ ...preset, ...named, JWT_ISSUER, JWT_JWKS_URI }, { providers });

    expect(await problems(issuer, `${issuer}/keys`)).toEqual([]);
    expect(await problems('https://live.gatehouse.acme-corp.dev/', `${issuer}/keys`)).toEqual([
      expect.stringContaining('JWT_ISSUER: names no pool of Gatehouse'),
    ]);
    expect(await problems(issuer, `${issuer}/certificates`)).toEqual([
      expect.stringContaining('JWT_JWKS_URI: leads to certificates'),
    ]);
  });

  it('gets the options that follow from its issuer', async () => {
    const options = { maximumLifetimeSeconds: 60, clockToleranceSeconds: 0 };
    const row = invent('server', { recognise: () => ({ tenant: 'live/notes', options }) });
    const byIssuer = { JWT_PROVIDER: undefined, JWT_TENANT: undefined, JWT_ISSUER: issuer };
    const now = Math.floor(Date.now() / 1_000);
    const claims = { aud: 'notes', client_id: 'desk', iat: now };

    expect(await callWith({ ...claims, exp: now + 60 }, row, byIssuer)).toBe(200);
    expect(await callWith({ ...claims, exp: now + 61 }, row, byIssuer)).toBe(401);
  });

  it('is recognised by its issuer, and its keys are on its own host', async () => {
    const row = invent('server', {
      recognise(text) {
        const found = /^https:\/\/([a-z]+)\.gatehouse\.acme-corp\.dev\/([a-z]+)$/.exec(text);
        return found === null ? undefined : { tenant: `${found[1]}/${found[2]}` };
      },
      keyHost: 'live.gatehouse.acme-corp.dev',
    });
    const byIssuer = { JWT_PROVIDER: undefined, JWT_TENANT: undefined, JWT_ISSUER: issuer };
    const claims = { aud: 'notes', client_id: 'desk' };

    expect(await callWith(claims, row, byIssuer)).toBe(200);
    // The row knows that access tokens name a client. Without it, the subject would do.
    expect(await callWith({ aud: 'notes' }, row, byIssuer)).toBe(401);
    const elsewhere = { JWT_PUBLIC_KEY: undefined, JWT_JWKS_URI: 'https://gatehouse.evil/keys' };
    expect(
      await problemsOf({ ...preset, ...byIssuer, ...elsewhere }, { providers: [row] }),
    ).toEqual([expect.stringContaining('JWT_JWKS_URI: must be on live.gatehouse.acme-corp.dev')]);
  });

  it.each([
    ['server', {}, [], []],
    ['server', { JWT_AUDIENCE: undefined }, [/^JWT_AUDIENCE: is missing/], []],
    ['optional', {}, [/^JWT_CLIENT_IDS: is missing/], []],
    ['fixed', {}, [/^JWT_CLIENT_IDS: is missing/], []],
    ['client', {}, [/^JWT_CLIENT_IDS: is missing/], []],
    ['optional', { JWT_CLIENT_IDS: 'desk' }, [], []],
    ['fixed', { JWT_CLIENT_IDS: 'desk' }, [], [/JWT_AUDIENCE: is not compared/]],
    ['client', { JWT_CLIENT_IDS: 'desk' }, [], [/JWT_AUDIENCE: is not compared/]],
    ['tenant', { JWT_AUDIENCE: undefined }, [], []],
    ['tenant', { JWT_AUDIENCE: 'else' }, [/^JWT_AUDIENCE: is stage and pool/], []],
    [
      'tenant',
      { JWT_AUDIENCE: undefined, JWT_CLIENT_IDS: 'desk' },
      [/^JWT_CLIENT_IDS: has no meaning here: tokens of Gatehouse name no client/],
      [],
    ],
  ] as const)(
    'follows the form of the audience: %s with %o',
    async (form, more, problems, warnings) => {
      const providers = [invent(form)];
      const all = { ...preset, ...more };

      expect(await problemsOf(all, { providers })).toEqual(
        problems.map((problem) => expect.stringMatching(problem)),
      );
      if (problems.length > 0) return;
      const config = await load(all, { providers });
      expect(config.warnings.filter((text) => text.includes('JWT_AUDIENCE'))).toEqual(
        warnings.map((warning) => expect.stringMatching(warning)),
      );
    },
  );

  it.each(['fixed', 'optional'] as const)(
    'warns who leaves out the preset of a provider whose audience is %s',
    async (form) => {
      const changes = { ...preset, JWT_PROVIDER: undefined, JWT_TENANT: undefined };
      const config = await load({ ...changes, JWT_ISSUER: issuer }, { providers: [invent(form)] });

      expect(config.warnings).toContainEqual(
        expect.stringContaining('set FASTMCP_SERVER_AUTH_JWT_PROVIDER=gatehouse'),
      );
    },
  );

  it('asks for scopes by the name that the provider has for them', async () => {
    const row = invent('server', { requestName: (scope, audience) => `${audience}#${scope}` });
    const config = await load(preset, { providers: [row] });
    const { askedFor } = await openGate(config, { hello: ['write:data'] });

    const token = mint({ aud: 'notes', client_id: 'desk' });
    expect(await askedFor(token, 'hello')).toBe('notes#read:data notes#write:data');
  });

  it('accepts other names that the provider has for the same audience', async () => {
    const row = invent('server', { otherAudiences: (audience) => [`api:${audience}`] });

    const claims = { aud: 'api:notes', client_id: 'desk' };
    expect(await callWith(claims, row, {})).toBe(200);
  });

  it('refuses variables that ask for scopes where its tokens have none', async () => {
    const row = invent('server', { withoutScopes: true });

    expect(
      await problemsOf({ ...preset, JWT_REQUIRED_SCOPES: 'read:data' }, { providers: [row] }),
    ).toEqual([expect.stringContaining('JWT_REQUIRED_SCOPES: asks for scopes')]);
  });

  it('must have a name of its own, and the form of a row', async () => {
    const twice = { ...invent('server'), name: 'auth0' };
    const load = (providers: readonly unknown[]) =>
      loadConfig({}, { providers: providers as readonly Provider[] });

    await expect(load([twice])).rejects.toThrow('config.providers: must not name auth0 twice');
    await expect(load([{ name: 'gatehouse' }])).rejects.toThrow(
      'config.providers[0]: must be a provider: an object with name,',
    );
  });
});
