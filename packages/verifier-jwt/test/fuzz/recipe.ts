/** How tokens of every kind of wrongness are to be made: nothing but data, so that it can shrink. */
import fc from 'fast-check';
import { anyValues, headerNames, headerValues, payloadNames, payloadValues } from './values.ts';
import { audience, nowSeconds, type Profile } from './world.ts';

export interface Recipe {
  readonly profile: Profile;
  readonly signer: Signer;
  /** Members of a good payload that can be written in several ways. */
  readonly good: readonly Member[];
  readonly header: readonly Change[];
  readonly payload: readonly Change[];
  readonly wrapping: Wrapping;
  readonly signature: SignatureKind;
  readonly encoding: Encoding;
  /** Which one, or where, for whatever needs to know. */
  readonly place: number;
  /** When it is shown once more. */
  readonly laterSeconds: number;
}

interface Signer {
  readonly isSecret: boolean;
  /** Where its key is in the ring. */
  readonly index: number;
  /** What the header calls its algorithm. */
  readonly alg: string;
}
export type Member = readonly [name: string, json: string];
export type Change =
  | { readonly kind: 'set' | 'append'; readonly name: string; readonly json: string }
  | { readonly kind: 'drop' | 'duplicate' | 'escape'; readonly name: string }
  | { readonly kind: 'space' | 'reverse' };

export const wrappings = [
  ...['none', 'list', 'string', 'null', 'empty', 'twice', 'truncated', 'trailing', 'mark'],
  ...['bytes', 'edit', 'UTF-16'],
] as const;
export type Wrapping = (typeof wrappings)[number];
export const signatureKinds = [
  ...['good', 'of another key', 'of a neighbour', 'one bit off', 'empty', 'shorter', 'longer'],
  ...['zeros', 'ones', 'zeros before', 'other spelling', 'over another text'],
] as const;
export type SignatureKind = (typeof signatureKinds)[number];
export const encodings = [
  ...['good', 'padded', 'stray bits', 'other alphabet', 'foreign character', 'line break'],
  ...['two segments', 'four segments', 'five segments', 'empty segment', 'removed by Google'],
  'about the longest',
] as const;
export type Encoding = (typeof encodings)[number];

const signers: readonly { weight: number; signer: Signer }[] = [
  { weight: 45, signer: { isSecret: true, index: 0, alg: 'HS256' } },
  { weight: 15, signer: { isSecret: false, index: 0, alg: 'ES256' } },
  { weight: 12, signer: { isSecret: false, index: 1, alg: 'ES256' } },
  { weight: 6, signer: { isSecret: false, index: 2, alg: 'EdDSA' } },
  { weight: 6, signer: { isSecret: false, index: 2, alg: 'Ed25519' } },
  { weight: 6, signer: { isSecret: false, index: 3, alg: 'EdDSA' } },
  { weight: 6, signer: { isSecret: false, index: 3, alg: 'Ed25519' } },
  // A signature of RSA takes longer than all the rest together.
  { weight: 3, signer: { isSecret: false, index: 4, alg: 'RS256' } },
  { weight: 2, signer: { isSecret: false, index: 5, alg: 'PS256' } },
];

const only = <T extends string>(names: readonly T[]) => fc.constantFrom(...names);
const members = (name: string, ...values: readonly string[]) =>
  values.map((json): readonly Member[] => [[name, json]]);

const good: fc.Arbitrary<readonly Member[]> = fc
  .tuple(
    fc.constantFrom(...members('aud', `"${audience}"`, `["x","${audience}"]`)),
    fc.constantFrom(
      ...members('scope', '"notes:read"', '["notes:read","b"]'),
      ...members('scp', '"a b"', '["a"]'),
      [],
    ),
    fc.constantFrom(...members('iat', `${nowSeconds - 10}`), []),
    fc.constantFrom(...members('nbf', `${nowSeconds}`, '0'), [], [], []),
  )
  .map((groups) => groups.flat());

/** Clients of the legacy profile; there the subject may do without. */
const client: fc.Arbitrary<readonly Member[]> = fc.constantFrom(
  ...['client_id', 'azp', 'cid', 'appid'].flatMap((name) => members(name, '"client-1"')),
  [],
);

function changes(
  names: readonly string[],
  own: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<readonly Change[]> {
  const valueFor = (name: string) => {
    const values = Object.hasOwn(own, name) ? (own[name] ?? anyValues) : anyValues;
    return fc.oneof(
      { weight: 7, arbitrary: only(values) },
      { weight: 2, arbitrary: only(anyValues) },
      { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
    );
  };
  const kind = mostly<'set' | 'append'>(6, ['set', 'append']);
  const valued = fc.oneof(
    ...names.map((name) => fc.record({ kind, name: fc.constant(name), json: valueFor(name) })),
  );
  const name = only(names);
  const change: fc.Arbitrary<Change> = fc.oneof(
    { weight: 6, arbitrary: valued },
    {
      weight: 3,
      arbitrary: fc.record({ kind: only(['drop', 'duplicate', 'escape'] as const), name }),
    },
    { weight: 1, arbitrary: fc.record({ kind: only(['space', 'reverse'] as const) }) },
  );
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant<readonly Change[]>([]) },
    { weight: 5, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
  );
}

/** The first of them most of the time. */
function mostly<T extends string>(weight: number, names: readonly T[]): fc.Arbitrary<T> {
  const [usual, ...others] = names;
  return fc.oneof(
    { weight, arbitrary: fc.constant(usual as T) },
    { weight: 1, arbitrary: only(others) },
  );
}

const common = {
  signer: fc.oneof(
    ...signers.map(({ weight, signer }) => ({ weight, arbitrary: fc.constant(signer) })),
  ),
  header: changes(headerNames, headerValues),
  payload: changes(payloadNames, payloadValues),
  wrapping: mostly(25, wrappings),
  signature: mostly(12, signatureKinds),
  encoding: mostly(12, encodings),
  place: fc.nat(1_000_000),
  laterSeconds: fc.constantFrom(-400, -71, -70, -61, -60, 60, 290, 359, 360, 361, 90_000),
};
const [rfc9068Client] = members('client_id', '"client-1"');

export const recipes: fc.Arbitrary<Recipe> = fc.oneof(
  fc.record({
    profile: fc.constant('rfc9068' as const),
    good: good.map((group) => [...group, ...(rfc9068Client ?? [])]),
    ...common,
  }),
  fc.record({
    profile: fc.constant('legacy' as const),
    good: fc.tuple(good, client).map((groups) => groups.flat()),
    ...common,
  }),
);

/** Whether nothing was done to it: these must be accepted, whatever the predicate thinks. */
export function isControl({ header, payload, wrapping, signature, encoding }: Recipe): boolean {
  const isWhole = wrapping === 'none' && signature === 'good' && encoding === 'good';
  return isWhole && header.length === 0 && payload.length === 0;
}
