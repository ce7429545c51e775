/** What callers send. */
import fc from 'fast-check';
import { type Address, askOne, askTogether } from './ask.ts';
import { type Issued, issueHmacJwt, issueJwt, type JwtOrder, nonsense } from './credentials.ts';
import { type Facts, jwtDefects } from './facts.ts';
import { keyId, opaqueIndex, small } from './operations.ts';
import type { Run } from './run.ts';
import { step } from './step.ts';

type Find = (facts: Facts, run: Run) => Issued | undefined;

const jwtOrder: fc.Arbitrary<JwtOrder> = fc.record({
  caller: fc.nat({ max: 1 }),
  token: fc.nat({ max: 2 }),
  // With a tolerance of 60 seconds, -59 has not expired yet, and -60 has.
  lifetimeSeconds: fc.constantFrom(3_600, 3_600, 3_600, 120, -59, -60),
  // With the same tolerance, 60 is early enough, and 61 is not.
  aheadSeconds: fc.constantFrom(0, 0, 0, 0, 60, 61),
  defect: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    fc.constantFrom(...jwtDefects),
  ),
});

const describeOrder = ({ caller, token, lifetimeSeconds, aheadSeconds, defect }: JwtOrder) =>
  `${defect ?? 'valid'} from ${aheadSeconds} to ${lifetimeSeconds} s: caller ${caller} and token ${token}`;

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
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 1, 1, 2), jwtOrder)
      .map(([age, order]): [string, Find] => [
        `an HMAC JWT of ${age} secrets ago (${describeOrder(order)})`,
        ({ wall, hmac }, { secrets }) =>
          hmac.secret < age ? undefined : issueHmacJwt(hmac.secret - age, secrets, order, wall),
      ]),
  },
  {
    weight: 3,
    arbitrary: opaqueIndex.map((index): [string, Find] => [
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

export const requestStep = fc
  .tuple(credential, fc.constantFrom<Address>('its own', 'its own', 'the one of all'))
  .map(([[name, find], address]) =>
    step(`send ${name}${address === 'its own' ? '' : ` from ${address}`}`, async (facts, run) => {
      const issued = find(facts, run);
      if (issued === undefined) return;
      await askOne(facts, run, issued, sendsFromOwnAddress(issued) ? 'its own' : address);
    }),
  );

const differentOnes = fc.array(credential, { minLength: 3, maxLength: 6 });
/** More than the quota of one caller. */
const sameOne = credential.map((one) => new Array(6).fill(one) as (typeof one)[]);

export const burstStep = fc.oneof(differentOnes, sameOne).map((all) =>
  step(`send at once: ${all.map(([name]) => name).join('; ')}`, async (facts, run) => {
    const issued = all.flatMap(([, find]) => find(facts, run) ?? []);
    await askTogether(facts, run, issued);
  }),
);
