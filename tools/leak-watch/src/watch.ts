/** Remembers the tokens and secrets of one test file, and finds pieces of them in its output. */
import { inspect } from 'node:util';
import { createPieceIndex, pieceLength } from './pieces.ts';

/** The kind of an output. */
export type Output =
  | 'a console or standard stream'
  | 'a program that a test started'
  | 'an error'
  | 'an audit event'
  | 'an operational event'
  | 'a line of the log'
  | 'a span or metric'
  | 'a refusal'
  | 'an answer of the gate'
  | 'an HTTP answer'
  | 'a start-up report';

interface Finding {
  readonly output: Output;
  /** What is wrong, without a character of the token or secret. */
  readonly problem: string;
}

/** Remembers and compares. */
export interface Watch {
  keepSecret(text: unknown): void;
  /** What is in a `Secret`, which may yet turn out to be a setting that anybody may see. */
  keepStored(text: unknown): void;
  /** Such a setting. Without effect on a text that is also used as a token or secret. */
  keepSetting(text: unknown): void;
  /** A word of ours, which tests may use as a token. */
  keepPublic(text: unknown): void;
  keepOutput(output: Output, text: unknown): void;
  keepError(error: Error): void;
  /** A line that must be one JSON object of at most 4 KB (OPS-03). */
  keepLine(line: string): void;
  /** What was found since the last time. */
  takeFindings(): readonly Finding[];
  /** Forgets every secret and every output, for the next test file. */
  forget(): void;
}

/** Options for {@link createWatch}. */
export interface WatchOptions {
  /** Whether a piece that was found is declared to be none, or its place to be the right one. */
  readonly isDeclared: (piece: string, output: Output) => boolean;
}

const maximumLineBytes = 4_096;
const maximumSecretCharacters = 4_000_000;
const maximumOutputCharacters = 8_000_000;
const maximumErrors = 2_000;

export function createWatch({ isDeclared }: WatchOptions): Watch {
  let secrets = createPieceIndex(maximumSecretCharacters);
  let earlier = createPieceIndex(maximumOutputCharacters);
  const outputOf = new Map<string, Output>();
  const kindsOfErrors = new Set<string>();
  const publicTexts = new Set<string>();
  const findings: Finding[] = [];
  let newSecretCharacters = 0;
  let newSecrets = new Set<string>();
  let newStored = new Set<string>();
  let newCharacters = 0;
  let newOutputs = new Map<string, Output>();
  let newErrors: Error[] = [];

  function report(output: Output, text: string, pieces: readonly string[]): boolean {
    const leaked = pieces.filter(
      (piece) =>
        !isDeclared(piece, output) && ![...publicTexts].some((known) => known.includes(piece)),
    );
    if (leaked.length === 0) return false;
    const hidden = hide(leaked, text);
    const at = Math.max(0, hidden.indexOf('∎') - 80);
    const place = hidden.slice(at, at + 160).replace(/\s+/g, ' ');
    findings.push({ output, problem: `shows a token or secret, here as ∎: …${place}…` });
    return true;
  }

  function keepOutput(output: Output, given: unknown): void {
    const text = typeof given === 'string' ? given : print(given);
    if (text.length < pieceLength || newOutputs.has(text)) return;
    if (newCharacters + text.length > maximumOutputCharacters) return;
    newCharacters += text.length;
    newOutputs.set(text, output);
  }

  function compare(): void {
    for (const secret of new Set([...newSecrets, ...newStored])) {
      for (const { piece, text } of earlier.findIn(secret)) {
        report(outputOf.get(text) ?? 'an error', text, [piece]);
      }
      secrets.add(secret);
    }
    newSecrets = new Set();
    newSecretCharacters = 0;
    newStored = new Set();
    for (const [text, output] of newOutputs) {
      const found = secrets.findIn(text).map(({ piece }) => piece);
      const isReported = report(output, text, found);
      // What is reported once need not be reported for every secret that comes later.
      if (!isReported && earlier.add(text)) outputOf.set(text, output);
    }
    newOutputs = new Map();
    newCharacters = 0;
  }

  return {
    keepSecret(text) {
      if (typeof text !== 'string' || text.length < pieceLength) return;
      // What the index has no room for need not be kept until then.
      if (newSecretCharacters >= maximumSecretCharacters || newSecrets.has(text)) return;
      newSecretCharacters += text.length;
      newSecrets.add(text);
    },

    keepStored(text) {
      if (typeof text === 'string' && text.length >= pieceLength) newStored.add(text);
    },

    keepSetting(text) {
      if (typeof text === 'string') newStored.delete(text);
    },

    keepPublic(text) {
      if (typeof text === 'string') publicTexts.add(text);
    },

    keepOutput,

    keepError(error) {
      if (kindsOfErrors.size >= maximumErrors) return;
      const kind = error.cause === undefined ? kindOf(error) : causesOf(error).map(kindOf).join();
      if (kindsOfErrors.has(kind)) return;
      kindsOfErrors.add(kind);
      newErrors.push(error);
    },

    keepLine(line) {
      keepOutput('a line of the log', line);
      const problem = faultOfLine(line);
      if (problem !== undefined) findings.push({ output: 'a line of the log', problem });
    },

    takeFindings() {
      for (const error of newErrors) keepOutput('an error', error);
      newErrors = [];
      compare();
      return findings.splice(0);
    },

    forget() {
      secrets = createPieceIndex(maximumSecretCharacters);
      earlier = createPieceIndex(maximumOutputCharacters);
      outputOf.clear();
      kindsOfErrors.clear();
      publicTexts.clear();
    },
  };
}

/** The text with what is in any of the pieces left out, however they overlap. */
function hide(pieces: readonly string[], text: string): string {
  const isHidden = new Uint8Array(text.length);
  for (const piece of pieces) {
    for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
      isHidden.fill(1, at, at + pieceLength);
    }
  }
  return Array.from(isHidden, (hidden, at) => {
    if (hidden === 0) return text.charAt(at);
    return isHidden[at - 1] === 1 ? '' : '∎';
  }).join('');
}

/** Every way in which somebody could print it. */
function print(value: unknown): string {
  const inspected = inspect(value, { depth: 8, maxStringLength: 20_000, maxArrayLength: 1_000 });
  const [stack, message] = value instanceof Error ? [value.stack ?? '', String(value)] : ['', ''];
  return [inspected, toJson(value), stack, message].join('\n');
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A circle; `inspect` has shown it.
    return '';
  }
}

function kindOf(error: Error): string {
  return `${error.message} ${(error as { detail?: unknown }).detail}`;
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let next = error; next instanceof Error && causes.length < 10; next = next.cause) {
    causes.push(next);
  }
  return causes;
}

function faultOfLine(line: string): string | undefined {
  if (!line.endsWith('\n') || line.indexOf('\n') !== line.length - 1) return 'is not one line';
  if (Buffer.byteLength(line) > maximumLineBytes) return 'is longer than 4 KB';
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? undefined : 'is JSON, and no object';
  } catch {
    return 'is not JSON';
  }
}
