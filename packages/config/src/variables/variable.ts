/** What can stand in a variable: how its text is read, and what to say where it cannot be. */
import { z } from 'zod';
import { guessWord } from '../names/guess-word.ts';

/** An environment variable. */
export interface Variable<Value = unknown> {
  readonly name: string;
  /** What it is for, in one line. */
  readonly meaning: string;
  /** Follows "must be". */
  readonly allowed: string;
  /**
   * Reads the text, which is not blank and has no white space around it. Most variables are not set, and making a
   * schema takes longer than all that a start reads.
   */
  readonly schema: () => z.ZodType<Value, unknown>;
  /** In force where it is not set. */
  readonly fallback: Value;
  /** What a text that cannot be read probably means, for the checks that come after it. */
  readonly guess?: (text: string) => Value | undefined;
  /** Follows "is missing", where it has to be set. */
  readonly cure: string;
  /** Its text is never shown. */
  readonly isSecret: boolean;
  /** Any printable characters, with no form of its own: a secret, or an id. */
  readonly isOpaque: boolean;
  /** Only a few values are possible: words, a number, true or false. */
  readonly isClosed: boolean;
  /** Commas separate its parts. */
  readonly hasParts?: true;
  /** White space around it would be a mistake: every character counts. */
  readonly isExact: boolean;
  /** Names it may have in a secret backend, in the order in which they are asked for. */
  readonly secretNames: readonly string[];
}

interface Facts {
  readonly meaning: string;
  readonly cure?: string;
  readonly isSecret?: true;
}

/** The variables about authentication. */
export const prefix = 'FASTMCP_SERVER_AUTH_';

function define<Value>(
  name: string,
  facts: Facts,
  rest: Pick<Variable<Value>, 'allowed' | 'schema' | 'fallback'> & Partial<Variable<Value>>,
): Variable<Value> {
  return {
    name,
    cure: '',
    isSecret: false,
    isExact: false,
    isClosed: false,
    isOpaque: false,
    secretNames: [],
    ...facts,
    ...rest,
  };
}

/** A value of which every character counts, such as an issuer. It may stand in a secret backend. */
export function exactText(
  suffix: string,
  facts: Facts & { readonly allowed?: string },
): Variable<string | undefined> {
  return define<string | undefined>(prefix + suffix, facts, {
    allowed: facts.allowed ?? 'the exact value, without white space',
    schema: () => z.string().regex(/^\S+$/),
    fallback: undefined,
    isExact: true,
    secretNames: [kebabCase(suffix)],
  });
}

/** A text that may have several lines, such as PEM. */
export function secretText(
  suffix: string,
  facts: Facts & { readonly otherSecretNames?: readonly string[] },
): Variable<string | undefined> {
  const { otherSecretNames = [], ...rest } = facts;
  return define<string | undefined>(prefix + suffix, rest, {
    allowed: 'text',
    schema: () => z.string(),
    fallback: undefined,
    isExact: true,
    isSecret: true,
    isOpaque: true,
    secretNames: [kebabCase(suffix), ...otherSecretNames],
  });
}

export function url(suffix: string, facts: Facts): Variable<string | undefined> {
  return {
    ...exactText(suffix, facts),
    allowed: 'an absolute https URL without credentials and without a fragment',
    schema: () => z.string().refine(isPlainUrl),
  };
}

/** One of some words. Upper and lower case count. */
export function word<Word extends string, Fallback extends Word | undefined>(
  name: string,
  words: readonly [Word, ...Word[]],
  fallback: Fallback,
  facts: Facts,
): Variable<Word | Fallback> {
  return define<Word | Fallback>(name, facts, {
    isClosed: true,
    allowed: listOf(words),
    schema: () => z.enum(words),
    fallback,
    guess: (text) => guessWord(text, words),
  });
}

export function flag(name: string, fallback: boolean, facts: Facts): Variable<boolean> {
  return define<boolean>(name, facts, {
    isClosed: true,
    allowed: 'true or false',
    schema: () => z.enum(['true', 'false']).transform((text) => text === 'true'),
    fallback,
  });
}

export function wholeNumber<Fallback extends number | undefined>(
  name: string,
  bounds: { readonly minimum: number; readonly maximum: number; readonly fallback: Fallback },
  facts: Facts,
): Variable<number | Fallback> {
  const { minimum, maximum, fallback } = bounds;
  return define<number | Fallback>(name, facts, {
    isClosed: true,
    allowed: `a whole number from ${minimum} to ${maximum}`,
    schema: () =>
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number)
        .pipe(z.number().min(minimum).max(maximum)),
    fallback,
  });
}

/** Separated by commas or white space, or a JSON array. */
export function list(suffix: string, facts: Facts): Variable<readonly string[]> {
  return define<readonly string[]>(prefix + suffix, facts, {
    allowed: 'a list: separated by commas or spaces, or a JSON array of texts',
    schema: () =>
      z.union([
        json(z.array(z.string().regex(/^\S+$/)).min(1)),
        z
          .string()
          .regex(/^[^[{]/)
          .transform((text) => text.split(/[\s,]+/).filter(Boolean))
          .pipe(z.array(z.string()).min(1)),
      ]),
    fallback: [],
  });
}

/** A JSON object whose members are all of one form. */
export function record<Member, Fallback>(
  suffix: string,
  member: () => z.ZodType<Member>,
  fallback: Fallback,
  facts: Facts & { readonly example: string },
): Variable<Readonly<Record<string, Member>> | Fallback> {
  const { example, ...rest } = facts;
  return define<Readonly<Record<string, Member>> | Fallback>(prefix + suffix, rest, {
    allowed: `JSON such as ${example}`,
    schema: () => json(z.record(z.string(), member())),
    fallback,
  });
}

/** A JSON array of objects. */
export function listOfRecords<Member>(
  suffix: string,
  member: () => z.ZodType<Member>,
  facts: Facts & { readonly example: string },
): Variable<readonly Member[]> {
  const { example, ...rest } = facts;
  return define<readonly Member[]>(prefix + suffix, rest, {
    allowed: `JSON such as ${example}`,
    schema: () => json(z.array(member()).min(1)),
    fallback: [],
  });
}

function json<Value>(schema: z.ZodType<Value>): z.ZodType<Value, unknown> {
  return z.string().transform(parseJson).pipe(schema) as z.ZodType<Value, unknown>;
}

/**
 * `undefined`, which no schema takes, for what is no JSON, would change what objects inherit, or
 * names a member twice: one reader takes the first, another the last.
 */
function parseJson(text: string): unknown {
  // Objects and arrays only: most lists are no JSON, and creating a SyntaxError for each is expensive.
  if (!/^[[{]/.test(text)) return undefined;
  let isPolluted = false;
  let members = 0;
  try {
    const value: unknown = JSON.parse(text, function count(this: unknown, name, member) {
      if (name === '__proto__') isPolluted = true;
      if (!Array.isArray(this)) members += 1;
      return member;
    });
    // The reviver is called for the whole text too, as the member of an object around it.
    members -= 1;
    return isPolluted || members !== countMembers(text) ? undefined : value;
  } catch {
    // What JSON.parse says quotes the text, which may hold tokens.
    return undefined;
  }
}

/** Members as they are written: each is a text before a colon. */
function countMembers(text: string): number {
  return text.match(/"(?:[^"\\]|\\.)*"\s*:?/g)?.filter((token) => token.endsWith(':')).length ?? 0;
}

function isPlainUrl(text: string): boolean {
  if (/\s|#/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** `JWT_JWKS_URI` is `jwt-jwks-uri`. */
function kebabCase(suffix: string): string {
  return suffix.toLowerCase().replaceAll('_', '-');
}

function listOf(words: readonly string[]): string {
  return words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
