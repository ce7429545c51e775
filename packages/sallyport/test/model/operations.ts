/** What operators do, and what happens to services. */
import { addDenied, type Denied, removeDenied } from '@sallyport/denial';
import fc from 'fast-check';
import { pass } from './ask.ts';
import { callerOf } from './credentials.ts';
import { type Facts, forget, issuers, nameOf, type Party, times } from './facts.ts';
import { introspectionModes } from './introspection-host.ts';
import { hostModes, servesKeys } from './key-host.ts';
import { redisFaults } from './redis-behind-proxy.ts';
import { issueOpaque, type Run } from './run.ts';
import { step } from './step.ts';

const keyIds = Array.from({ length: 5 }, (_, index) => `key-${index}`);
export const keyId = fc.constantFrom(...keyIds);
export const small = fc.nat({ max: 3 });
export const opaqueIndex = fc.nat({ max: 1 });

function publish(facts: Facts, run: Run, published: readonly string[]): void {
  facts.keys.published = published;
  run.services.keyHost.published = published;
}

export const keySteps = [
  keyId.map((id) =>
    step(
      `add ${id}`,
      (facts, run) => {
        facts.keys.removedAt.delete(id);
        publish(facts, run, [...facts.keys.published, id]);
      },
      ({ keys }) => !keys.published.includes(id),
    ),
  ),
  keyId.map((id) =>
    step(
      `remove ${id}`,
      (facts, run) => {
        facts.keys.removedAt.set(id, facts.now);
        publish(
          facts,
          run,
          facts.keys.published.filter((each) => each !== id),
        );
      },
      ({ keys }) => keys.published.length > 1 && keys.published.includes(id),
    ),
  ),
];

export const hostSteps = fc
  .oneof({ weight: 3, arbitrary: fc.constant('well' as const) }, fc.constantFrom(...hostModes))
  .map((mode) =>
    step(`key host: ${mode}`, (facts, run) => {
      run.services.keyHost.mode = mode;
      const isWell = servesKeys(mode);
      if (isWell && !facts.keys.isWell) facts.keys.wellSince = facts.now;
      facts.keys.isWell = isWell;
    }),
  );

export const timeSteps = fc
  // Never between 0 and 2 seconds before the next fetch of keys: a request would wait for it, in real time.
  .constantFrom(2.5, 2.5, 5, 7.5, 30, 60, 150, 300)
  .map((seconds) => step(`${seconds} seconds pass`, (facts) => pass(facts, seconds)));

export const wallSteps = fc.constantFrom(-3_600, -90, -30, 30, 90, 3_600).map((seconds) =>
  step(
    `the clock is put ${seconds < 0 ? 'back' : 'forward'} by ${Math.abs(seconds)} seconds`,
    (facts) => {
      facts.wall += seconds;
    },
  ),
);

export const secretSteps = [
  fc.constant(
    step('replace the HMAC secret', ({ now, hmac }, { site }) => {
      // At most four previous secrets are kept.
      const kept = [...hmac.graces].slice(-3);
      hmac.graces.clear();
      for (const [secret, until] of kept) hmac.graces.set(secret, until);
      hmac.graces.set(hmac.secret, now + times.hmacGrace);
      hmac.secret += 1;
      site.replaceHmacSecret(hmac.secret);
    }),
  ),
  fc.boolean().map((keepsOld) =>
    step(
      `the provider has a new client secret${keepsOld ? ' and accepts the old one' : ''}`,
      ({ introspection }, { services, secrets }) => {
        const newest = Math.max(...introspection.accepted) + 1;
        introspection.accepted = keepsOld ? [newest - 1, newest] : [newest];
        services.introspectionHost.accepted = introspection.accepted.map(secrets.client);
      },
    ),
  ),
  fc.constant(
    step('the client secret is stored', ({ introspection }) => {
      introspection.stored = Math.max(...introspection.accepted);
    }),
  ),
  fc.constant(
    step('replace the secret of API keys', ({ apiKeys }, { site }) => {
      apiKeys.secret += 1;
      site.replaceApiKeySecret(apiKeys.secret);
    }),
  ),
];

export const introspectionSteps = [
  fc
    .oneof(
      { weight: 3, arbitrary: fc.constant('well' as const) },
      fc.constantFrom(...introspectionModes),
    )
    .map((mode) =>
      step(`introspection: ${mode}`, (facts, run) => {
        run.services.introspectionHost.mode = mode;
        facts.introspection.isWell = mode === 'well' || mode === 'slow';
      }),
    ),
  opaqueIndex.map((index) =>
    step(`revoke opaque token ${index}`, (facts, run) => {
      const { token = '', credential } = run.opaque[index] ?? {};
      run.services.introspectionHost.active.delete(token);
      const known =
        credential?.kind === 'opaque' && facts.introspection.tokens.get(credential.subject);
      if (known) known.isActive = false;
    }),
  ),
];

export const opaqueSteps = fc
  .tuple(opaqueIndex, fc.constantFrom(5, 10, 3_600))
  .map(([index, seconds]) =>
    step(`issue opaque token ${index} for ${seconds} seconds`, (facts, run) => {
      run.opaque[index] = issueOpaque(facts, run, seconds);
    }),
  );

export const redisSteps = [
  fc
    .oneof({ weight: 4, arbitrary: fc.constant('reset' as const) }, fc.constantFrom(...redisFaults))
    .map((fault) =>
      step(
        `Redis: ${fault}`,
        async ({ redis, denial }, { services }) => {
          redis.isWell = false;
          denial.mayBeLoaded = true;
          await services.redis.fault(fault);
        },
        ({ redis }) => redis.isWell,
      ),
    ),
  fc.constant(
    step(
      'Redis: well',
      async (facts, { services }) => {
        await services.redis.restore();
        facts.redis = { isWell: true, wellSince: facts.now };
      },
      ({ redis }) => !redis.isWell,
    ),
  ),
];

/** Who operators deny, which may be the owner or the id of an API key. */
const party = fc.record({
  issuer: fc.constantFrom(issuers.jwt, issuers.hmac, issuers.opaque, issuers.apiKey),
  kind: fc.constantFrom('subject', 'client', 'token'),
  index: fc.nat({ max: 2 }),
});
type PartyOrder = typeof party extends fc.Arbitrary<infer Order> ? Order : never;

function findParty({ issuer, kind, index }: PartyOrder, run: Run): Party | undefined {
  const issued = issuer === issuers.opaque ? run.opaque[index] : run.apiKeys[index];
  const isJwt = issuer === issuers.jwt || issuer === issuers.hmac;
  const caller = isJwt ? callerOf(issuer, { caller: index, token: index }) : issued?.credential;
  const id = caller !== undefined && 'subject' in caller ? caller[kind] : undefined;
  return id === undefined ? undefined : { issuer, kind, id };
}

export const denialSteps = fc.tuple(party, fc.boolean()).map(([order, isDenied]) =>
  step(
    `${isDenied ? 'deny' : 'allow'} ${order.kind} ${order.index} of ${order.issuer}`,
    async (facts, run) => {
      const found = findParty(order, run);
      if (found === undefined) return;
      const { issuer, kind, id } = found;
      const entry = { issuer, [kind]: id, reason: 'model' } as unknown as Denied;
      if (isDenied) await addDenied(run.denied, entry, facts.wall * 1_000);
      else await removeDenied(run.denied, entry, facts.wall * 1_000);
      noteDenial(facts, found, isDenied);
    },
  ),
);

function noteDenial(facts: Facts, found: Party, isDenied: boolean): void {
  const name = nameOf(found);
  const { possible = new Set([false]) } = facts.denial.parties.get(name) ?? {};
  facts.denial.parties.set(name, {
    isDenied,
    changedAt: facts.now,
    possible: new Set([...possible, isDenied]),
  });
}

export const restart = fc.constant(
  step('restart the gate', async (facts, { site }) => {
    await site.restart();
    forget(facts);
  }),
);
