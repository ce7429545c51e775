/** What a test vector is, whoever published it, and how a set of them is counted. */

/** One published example, and what is right for Sallyport. */
export interface Vector {
  /** Which file and test, for the list of wrong ones. */
  readonly name: string;
  /** The line of the table. */
  readonly group: string;
  /** `either`: the publisher says that both are acceptable. */
  readonly right: 'accept' | 'refuse' | 'either';
  /** Why Sallyport must refuse what the publisher calls valid. It follows from the vector alone. */
  readonly stricter?: string | undefined;
  /** Runs Sallyport. */
  accepts(): Promise<boolean> | boolean;
}

/** Vectors that say nothing about a verifier of access tokens. */
export interface LeftOut {
  readonly reason: string;
  readonly vectors: number;
}

/** What a folder holds. */
export interface VectorSet {
  readonly vectors: readonly Vector[];
  readonly leftOut: readonly LeftOut[];
}

/** The counts of one line of the table. */
export interface Tally {
  readonly group: string;
  readonly accepted: number;
  readonly refused: number;
  /** Refused as well, although the publisher calls them valid. */
  readonly stricter: number;
  readonly either: number;
  readonly wrong: number;
}

/** What came of a set. */
export interface Judgement {
  readonly tallies: readonly Tally[];
  readonly stricterRules: ReadonlyMap<string, number>;
  readonly leftOut: ReadonlyMap<string, number>;
  /** The vectors for which Sallyport does not do what is right. */
  readonly wrong: readonly string[];
}

/** Runs every vector. */
export async function judge({ vectors, leftOut }: VectorSet): Promise<Judgement> {
  const results: (readonly [Vector, keyof Tally])[] = [];
  for (const vector of vectors) results.push([vector, outcomeOf(vector, await vector.accepts())]);
  const groups = Map.groupBy(results, ([{ group }]) => group);
  const count = (of: typeof results, outcome: keyof Tally) =>
    of.filter(([, each]) => each === outcome).length;
  return {
    tallies: [...groups].map(([group, of]) => ({
      group,
      accepted: count(of, 'accepted'),
      refused: count(of, 'refused'),
      stricter: count(of, 'stricter'),
      either: count(of, 'either'),
      wrong: count(of, 'wrong'),
    })),
    stricterRules: sum(
      results
        .filter(([, outcome]) => outcome === 'stricter')
        .map(([{ stricter = '' }]) => [stricter, 1]),
    ),
    leftOut: sum(leftOut.map(({ reason, vectors: number }) => [reason, number])),
    wrong: results.filter(([, outcome]) => outcome === 'wrong').map(([{ name }]) => name),
  };
}

function outcomeOf({ right, stricter }: Vector, isAccepted: boolean): keyof Tally {
  if (stricter !== undefined) return isAccepted ? 'wrong' : 'stricter';
  if (right === 'either') return 'either';
  if (isAccepted !== (right === 'accept')) return 'wrong';
  return isAccepted ? 'accepted' : 'refused';
}

function sum(entries: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, number] of entries) sums.set(name, (sums.get(name) ?? 0) + number);
  return sums;
}
