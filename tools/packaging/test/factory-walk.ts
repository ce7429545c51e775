/** Calls a factory in every wrong way, and records the results. */
import { type Kind, kindOf, type Row } from './factories/row.ts';
import { watchHandles } from './open-handles.ts';

export interface Outcome {
  readonly input: string;
  readonly verdict: 'works' | 'ConfigError' | 'silent' | 'foreign error' | 'left open';
  readonly detail: string;
}

interface Attempt {
  readonly input: string;
  readonly given: readonly unknown[];
  /** The option that a ConfigError must name. */
  readonly names: string;
  /** Whether a call that works is right. */
  readonly mayWork: boolean;
}

type Options = Readonly<Record<string, unknown>>;
type Callable = (...given: readonly unknown[]) => unknown;

const wrongValues: readonly (readonly [string, unknown])[] = [
  ['a number', 7],
  ['a string', 'text'],
  ['an empty string', ''],
  ['a boolean', true],
  ['an object', {}],
  ['an array', []],
  ['an array of null', [null]],
  ['a function', () => {}],
  ['a symbol', Symbol('text')],
  ['a bigint', 7n],
  ['NaN', Number.NaN],
  ['null', null],
  ['a proxy that throws', throwingProxy()],
];

/** Every member of every options object is tried, and every argument. */
export async function walkFactory(call: Callable, row: Row): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  if (row.needsServer === undefined) {
    const input = 'a call that works';
    const found = await outcomeOf(call, {
      input,
      given: await row.good(),
      names: '',
      mayWork: true,
    });
    outcomes.push(found.verdict === 'works' ? found : { ...found, verdict: 'foreign error' });
  }
  for (const attempt of await listAttempts(call, row))
    outcomes.push(await outcomeOf(call, attempt));
  return outcomes;
}

async function listAttempts(call: Callable, row: Row): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  const first = await row.good();
  for (const position of first.keys()) {
    const argument = first[position];
    const replace = async (value: unknown) => (await row.good()).with(position, value);
    const isOptional = row.optional?.includes(position) ?? false;
    const values = [...wrongValues, ['undefined', undefined] as const];
    for (const [what, value] of row.loose ? values.slice(0, 2) : values) {
      attempts.push({
        input: `argument ${position} is ${what}`,
        given: await replace(value),
        names: '',
        mayWork: isAccepted(value, argument, row.also?.[`${position}`], isOptional),
      });
    }
    const required = row.required?.[position];
    if (required === undefined) continue;
    const options = argument as Options;
    const known = await askForNames(call, await replace({ ...options, zzzzzzzzzzzz: 1 }));
    const paths: readonly (string | undefined)[] = [undefined, ...(row.nested ?? [])];
    for (const path of paths) {
      const inner = path === undefined ? options : (options[path] as Options | undefined);
      if (inner === undefined) continue;
      const put = (changed: Options) =>
        replace(path === undefined ? changed : { ...options, [path]: changed });
      for (const wrong of ['zzzzzzzzzzzz', ...Object.keys(inner).flatMap(misspell)]) {
        const right = Object.keys(inner).find((name) => misspell(name).includes(wrong));
        const { [right ?? '']: value = 1, ...others } = inner;
        attempts.push({
          input: `${path ?? ''} has ${wrong}`,
          given: await put({ ...others, [wrong]: value }),
          names: wrong,
          mayWork: false,
        });
      }
    }
    if (row.loose) continue;
    for (const name of required) {
      const { [name]: _left, ...others } = options;
      const given = await replace(others);
      attempts.push({ input: `${name} is missing`, given, names: name, mayWork: false });
    }
    for (const name of new Set([...Object.keys(options), ...known])) {
      for (const [what, value] of wrongValues) {
        attempts.push({
          input: `${name} is ${what}`,
          given: await replace({ ...options, [name]: value }),
          // Another option may be at fault where the type is right.
          names: isAccepted(value, options[name], row.also?.[name], false) ? '' : name,
          mayWork: isAccepted(value, options[name], row.also?.[name], false),
        });
      }
      attempts.push({
        input: `reading ${name} throws`,
        given: await replace(withThrowingGetter(options, name)),
        names: '',
        mayWork: false,
      });
    }
  }
  return attempts;
}

function isAccepted(
  value: unknown,
  good: unknown,
  also: readonly Kind[] | undefined,
  isOptional: boolean,
): boolean {
  if (value === undefined) return isOptional;
  if (value === null || Number.isNaN(value)) return also?.includes('null') ?? false;
  const kind = kindOf(value);
  return good === undefined || kind === kindOf(good) || (also?.includes(kind) ?? false);
}

/** One letter less, a plural or the lack of one, another case, and the words apart. */
export function misspell(name: string): readonly string[] {
  const middle = Math.ceil(name.length / 2);
  return [
    name.slice(0, middle) + name.slice(middle + 1),
    name.endsWith('s') ? name.slice(0, -1) : `${name}s`,
    name.toUpperCase(),
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ].filter((wrong) => wrong !== name);
}

async function askForNames(call: Callable, given: readonly unknown[]): Promise<readonly string[]> {
  const { detail } = await outcomeOf(call, { input: '', given, names: '', mayWork: false });
  const [, names = ''] = /Known options: (.*)\.$/.exec(detail) ?? [];
  return names.split(', ').filter((name) => name !== '' && name !== 'none');
}

/** A call that throws must leave nothing open. */
async function outcomeOf(call: Callable, attempt: Attempt): Promise<Outcome> {
  const { result, open } = await watchHandles(() => tryCall(call, attempt));
  if (result.verdict !== 'ConfigError' || open.length === 0) return result;
  return { ...result, verdict: 'left open', detail: `${open.join(', ')}: ${result.detail}` };
}

async function tryCall(call: Callable, attempt: Attempt): Promise<Outcome> {
  const { input, given, names, mayWork } = attempt;
  try {
    const made = await call(...given);
    await release(made);
    return { input, verdict: mayWork ? 'works' : 'silent', detail: '' };
  } catch (error) {
    const { name, message } = error as Error;
    const isOurs = isOurError(error) && message.toLowerCase().includes(names.toLowerCase());
    const detail = isOurs ? message : `${name}: ${message}`;
    return { input, verdict: isOurs ? 'ConfigError' : 'foreign error', detail };
  }
}

/** Ours, one of several, or what a server for tests throws for a name. */
function isOurError(error: unknown): boolean {
  const { name, message, errors } = error as AggregateError;
  if (name === 'AggregateError') return errors.every(isOurError);
  return name === 'ConfigError' || / unknown option|options: must be/.test(message);
}

async function release(made: unknown): Promise<void> {
  const { close, stop } = Object(made) as Readonly<Record<string, unknown>>;
  if (typeof close === 'function') await close.call(made);
  if (typeof stop === 'function') await stop.call(made);
}

function fail(): never {
  throw new TypeError('reading this throws');
}

function throwingProxy(): object {
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });
}

function withThrowingGetter(options: Options, name: string): object {
  return Object.defineProperty({ ...options }, name, { get: fail, enumerable: true });
}
