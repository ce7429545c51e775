import type { Problems } from '../report/problems.ts';
import { type Found, type Origin, type Setting, show } from '../report/shown-setting.ts';
import type { Variable } from '../variables/variable.ts';
import { findInvisible, findStrayMark } from './stray-characters.ts';

/** What was found so far. Secrets are added while it is read: which ones depends on what it says. */
export interface Values {
  /** By the variable's name. */
  readonly found: Map<string, Found>;
  /** By the variable's name: why it could not be had from where it should be. */
  readonly unreadable: Map<string, string>;
  readonly warnings: string[];
  /** Names of variables that another problem already says to set. */
  readonly answered: Set<string>;
}

/** Reads variables as values, and remembers which are in force. */
export interface Settings {
  /** The value, or the variable's fallback: also where there is a problem, which is remembered. */
  read<Value>(variable: Variable<Value>): Value;
  /** The same, for one that has to be set. */
  require<Value>(variable: Variable<Value>): Value;
  isSet(variable: Variable): boolean;
  /** What is written in it, before it is read as a value; empty where it is not set. */
  textOf(variable: Variable): string;
  /** Whether its value is not known: it has a problem, or another problem explains its absence. */
  isUnknown(variable: Variable): boolean;
  /** Whether its absence is explained by another problem. */
  isAnswered(variable: Variable): boolean;
  /** Remembers that a problem explains the absence of these. */
  answer(...variables: readonly Variable[]): void;
  /** The secret that it came from, if it did. */
  secretOf(variable: Variable): string | undefined;
  /** Complains about a variable, and says what it holds. */
  refuse(variable: Variable, problem: string): void;
  /** What can be used, but should be looked at. */
  warn(variable: Variable, warning: string): void;
  /**
   * The same for one entry of a list, whose members stand for variables. Others are not set, except those of `shared`.
   *
   * @param holder The variable that has the list.
   * @param label How messages call a variable.
   */
  entry(
    holder: Variable,
    label: (name: string) => string,
    members: ReadonlyMap<string, string>,
    shared: readonly Variable[],
  ): Settings;
  /** Those that were read, in the order in which that was done. */
  inForce(): readonly Setting[];
}

const ofDefault: Origin = { source: 'default' };

export function createSettings(
  values: Values,
  problems: Problems,
  label: (name: string) => string = (name) => name,
): Settings {
  const { found, unreadable, warnings, answered } = values;
  const inForce = new Map<string, Setting>();

  function refuse(variable: Variable, problem: string): void {
    const { name } = variable;
    const known = found.get(name);
    const writtenAs = known?.origin.writtenAs;
    const from = writtenAs === undefined ? '' : `, from ${writtenAs}`;
    const holds = known === undefined ? '' : ` (it holds ${show(known.text, variable)}${from})`;
    problems.add(label(name), `${problem}${holds}`);
  }

  function isAnswered({ name }: Variable): boolean {
    return answered.has(name) && !found.has(name);
  }

  function warn({ name }: Variable, warning: string): void {
    const line = `${label(name)}: ${warning}`;
    if (!warnings.includes(line)) warnings.push(line);
  }

  function read<Value>(variable: Variable<Value>): Value {
    const { name, fallback } = variable;
    const known = found.get(name);
    if (known === undefined) {
      const shown = fallback === undefined ? 'not set' : JSON.stringify(fallback);
      inForce.set(name, { name, shown, origin: ofDefault });
      return fallback;
    }
    inForce.set(name, { name, shown: show(known.text, variable), origin: known.origin });
    const text = known.text.trim();
    if (variable.isExact && text !== known.text) {
      refuse(variable, 'has white space around it. Take it away: every character counts');
      return fallback;
    }
    const isQuoted = variable.isExact && /^(["']).*\1$/s.test(text);
    if (isQuoted && variable.isSecret) {
      // A secret may begin and end like this: only its owner knows.
      warn(
        variable,
        'has quotation marks around it. They are part of the value. Remove them unless you mean them',
      );
    } else if (isQuoted) {
      refuse(variable, 'has quotation marks around it. Take them away: every character counts');
      return fallback;
    }
    const hidden = findInvisible(text);
    if (hidden !== undefined) {
      refuse(variable, hidden);
      return fallback;
    }
    const parsed = variable.schema().safeParse(text);
    if (parsed.success) return hasStrayMark(variable, parsed.data) ? fallback : parsed.data;
    refuse(variable, `must be ${variable.allowed}`);
    return variable.guess?.(text) ?? fallback;
  }

  /** Whether a value is refused. An id may have such marks: only its owner knows. */
  function hasStrayMark(variable: Variable, value: unknown): boolean {
    if (variable.isSecret || variable.isClosed) return false;
    const members = [value].flat().filter((member) => typeof member === 'string');
    const problem = members.map(findStrayMark).find(Boolean);
    if (problem !== undefined && !variable.isOpaque) {
      refuse(variable, problem);
      return true;
    }
    if (problem !== undefined) warn(variable, problem);
    else if (!variable.hasParts && members.some((member) => /[\s,]/.test(member))) {
      warn(variable, 'has a comma or a blank in it: it is one value, and no list');
    }
    return false;
  }

  return {
    read,

    require(variable) {
      const { name, cure } = variable;
      if (!found.has(name) && !answered.has(name)) {
        const reason = unreadable.get(name);
        const why = reason === undefined ? '' : `. It could not be read: ${reason}`;
        problems.add(label(name), `is missing. ${cure}${why}`);
      }
      return read(variable);
    },

    isSet: ({ name }) => found.has(name),
    textOf: ({ name }) => found.get(name)?.text ?? '',
    isUnknown: (variable) => problems.has(label(variable.name)) || isAnswered(variable),
    isAnswered,
    answer(...others) {
      for (const { name } of others) answered.add(name);
    },
    secretOf: ({ name }) => found.get(name)?.origin.secret,
    refuse,
    warn,
    entry(holder, labelOf, members, shared) {
      const origin = found.get(holder.name)?.origin ?? ofDefault;
      const own = new Map([...members].map(([name, text]) => [name, { text, origin }] as const));
      for (const { name } of shared) {
        const known = found.get(name);
        if (known !== undefined && !own.has(name)) own.set(name, known);
      }
      const given = (name: string) =>
        members.has(name) || !found.has(name) ? labelOf(name) : name;
      return createSettings({ ...values, found: own }, problems, given);
    },

    inForce: () => [...inForce.values()],
  };
}
