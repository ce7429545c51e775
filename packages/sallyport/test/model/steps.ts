/** What operators do, what happens to services, and what callers send: the commands of fast-check. */
import { addDenied, type Denied, removeDenied } from '@sallyport/denial';
import fc from 'fast-check';
import { type Address, askOne, askTogether, pass } from './ask.ts';
import {
  callerOf,
  type Issued,
  issueHmacJwt,
  issueJwt,
  type JwtOrder,
  nonsense,
} from './credentials.ts';
import { type Facts, forget, issuers, jwtDefects, nameOf, type Party, times } from './facts.ts';
import { introspectionModes } from './introspection-host.ts';
import { hostModes, servesKeys } from './key-host.ts';
import { redisFaults } from './redis-behind-proxy.ts';
import type { Run } from './run.ts';

type Step = fc.AsyncCommand<Facts, Run>;

/** A step that is always possible, unless `isPossible` says otherwise. */
function step(
  name: string,
  run: (facts: Facts, run: Run) => Promise<void> | void,
  isPossible: (facts: Readonly<Facts>) => boolean = () => true,
): Step {
  return {
    check: isPossible,
    run: async (facts, real) => run(facts, real),
    toString: () => name,
  };
}

const keyIds = Array.from({ length: 5 }, (_, index) => `key-${index}`);
const keyId = fc.constantFrom(...keyIds);
const small = fc.nat({ max: 3 });

function publish(facts: Facts, run: Run, published: readonly string[]): void {
  facts.keys.published = published;
  run.services.keyHost.published = published;
}

const keySteps = [
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

const hostSteps = fc
  .oneof({ weight: 3, arbitrary: fc.constant('well' as const) }, fc.constantFrom(...hostModes))
  .map((mode) =>
    step(`key host: ${mode}`, (facts, run) => {
      run.services.keyHost.mode = mode;
      const isWell = servesKeys(mode);
      if (isWell && !facts.keys.isWell) facts.keys.wellSince = facts.now;
      facts.keys.isWell = isWell;
    }),
  );

const timeSteps = fc
  // Never between 0 and 2 seconds before the next fetch of keys: a request would wait for it, in real time.
  .constantFrom(2.5, 2.5, 5, 7.5, 30, 60, 150, 300)
  .map((seconds) => step(`${seconds} seconds pass`, (facts) => pass(facts, seconds)));

const wallSteps = fc.constantFrom(-3_600, -90, -30, 30, 90, 3_600).map((seconds) =>
  step(
    `the clock is put ${seconds < 0 ? 'back' : 'forward'} by ${Math.abs(seconds)} seconds`,
    (facts) => {
      facts.wall += seconds;
    },
  ),
);

const secretSteps = [
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

const introspectionSteps = [
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
  small.map((index) =>
    step(`revoke opaque token ${index}`, (facts, run) => {
      const { token = '', credential } = run.opaque[index] as Issued;
      run.services.introspectionHost.active.delete(token);
      const known = 'subject' in credential && facts.introspection.tokens.get(credential.subject);
      if (known) known.isActive = false;
    }),
  ),
];

const redisSteps = [
  fc
    .oneof({ weight: 4, arbitrary: fc.constant('reset' as const) }, fc.constantFrom(...redisFaults))
    .map((fault) =>
      step(
        `Redis: ${fault}`,
        async ({ redis }, { services }) => {
          redis.isWell = false;
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

const longestKeys = 4;

const apiKeySteps = [
  fc.constant(
    step(
      'create an API key',
      async ({ apiKeys }, run) => {
        const subject = `owner-${run.apiKeys.length}`;
        const registry = run.registry(apiKeys.secret);
        const { id, key } = await registry.create({ owner: subject, scopes: [] });
        const caller = { issuer: issuers.apiKey, subject, client: subject, token: id };
        apiKeys.keys.set(id, { secret: apiKeys.secret });
        run.apiKeys.push({ token: key.reveal(), credential: { kind: 'api key', ...caller } });
      },
      ({ apiKeys }) => apiKeys.keys.size < longestKeys,
    ),
  ),
  small.map((index) =>
    step(
      `revoke API key ${index}`,
      async (facts, run) => {
        const [id = '', key] = [...facts.apiKeys.keys][index] ?? [];
        if (key === undefined) return;
        await run.registry(facts.apiKeys.secret).revoke(id);
        key.revokedAt ??= facts.now;
      },
      ({ apiKeys }) => apiKeys.keys.size > index,
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

const denialSteps = fc.tuple(party, fc.boolean()).map(([order, isDenied]) =>
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

const restart = fc.constant(
  step('restart the gate', async (facts, { site }) => {
    await site.restart();
    forget(facts);
  }),
);

type Find = (facts: Facts, run: Run) => Issued | undefined;

const jwtOrder: fc.Arbitrary<JwtOrder> = fc.record({
  caller: fc.nat({ max: 1 }),
  token: fc.nat({ max: 2 }),
  lifetimeSeconds: fc.constantFrom(3_600, 3_600, 120, -70),
  defect: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    fc.constantFrom(...jwtDefects),
  ),
});

const describeOrder = ({ caller, token, lifetimeSeconds, defect }: JwtOrder) =>
  `${defect ?? 'valid'} for ${lifetimeSeconds} s: caller ${caller} and token ${token}`;

/** What is sent: its name in a report, and how it is made or found. */
const credential: fc.Arbitrary<readonly [name: string, find: Find]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(keyId, jwtOrder).map(([id, order]): [string, Find] => [
      `a JWT of ${id} (${describeOrder(order)})`,
      ({ wall }, { signingKeys }) => {
        const key = signingKeys.get(id);
        return key && issueJwt(id, key, order, wall);
      },
    ]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat({ max: 2 }), jwtOrder)
      .map(([age, order]): [string, Find] => [
        `an HMAC JWT of ${age} secrets ago (${describeOrder(order)})`,
        ({ wall, hmac }, { secrets }) =>
          hmac.secret < age ? undefined : issueHmacJwt(hmac.secret - age, secrets, order, wall),
      ]),
  },
  {
    weight: 3,
    arbitrary: small.map((index): [string, Find] => [
      `opaque token ${index}`,
      (_facts, { opaque }) => opaque[index],
    ]),
  },
  {
    weight: 4,
    arbitrary: small.map((index): [string, Find] => [
      `API key ${index}`,
      (_facts, { apiKeys }) => apiKeys[index],
    ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...Object.keys(nonsense))
      .map((name): [string, Find] => [
        name,
        () => ({ token: nonsense[name]?.(), credential: { kind: 'nonsense' } }),
      ]),
  },
  {
    weight: 4,
    arbitrary: fc
      .nat({ max: 12 })
      .map((ago): [string, Find] => [
        `what was sent ${ago + 1} requests ago`,
        (_facts, { sent }) => sent.at(-1 - ago),
      ]),
  },
);

// The place of an opaque token in the queue of a limited address depends on real time.
const sendsFromOwnAddress = ({ credential: { kind } }: Issued): boolean => kind === 'opaque';

const requestStep = fc
  .tuple(credential, fc.constantFrom<Address>('its own', 'its own', 'the one of all'))
  .map(([[name, find], address]) =>
    step(`send ${name}${address === 'its own' ? '' : ` from ${address}`}`, async (facts, run) => {
      const issued = find(facts, run);
      if (issued === undefined) return;
      await askOne(facts, run, issued, sendsFromOwnAddress(issued) ? 'its own' : address);
    }),
  );

const burstStep = fc.array(credential, { minLength: 3, maxLength: 6 }).map((all) =>
  step(`send at once: ${all.map(([name]) => name).join('; ')}`, async (facts, run) => {
    const issued = all.flatMap(([, find]) => find(facts, run) ?? []);
    await askTogether(facts, run, issued);
  }),
);

/** Steps of all kinds, requests most often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: requestStep },
  { weight: 4, arbitrary: burstStep },
  { weight: 14, arbitrary: timeSteps },
  { weight: 5, arbitrary: wallSteps },
  { weight: 4, arbitrary: keySteps[0] as fc.Arbitrary<Step> },
  { weight: 4, arbitrary: keySteps[1] as fc.Arbitrary<Step> },
  { weight: 6, arbitrary: hostSteps },
  { weight: 4, arbitrary: fc.oneof(...secretSteps) },
  { weight: 4, arbitrary: fc.oneof(...introspectionSteps) },
  { weight: 4, arbitrary: fc.oneof(...redisSteps) },
  { weight: 5, arbitrary: fc.oneof(...apiKeySteps) },
  { weight: 6, arbitrary: denialSteps },
  { weight: 2, arbitrary: restart },
);
