/** Reads and writes a list as JSON, which people also edit by hand. A slip must not let anybody in. */
import { type Denied, type DeniedParty, partyKinds } from './denied.ts';

/** A list that was read. */
export interface DeniedText {
  readonly denied: readonly Denied[];
  /** When a program wrote it, in milliseconds since the epoch. People need not write it. */
  readonly writtenAt: number | undefined;
}

/** What is wrong with a text. `message` quotes nothing of it. */
export class DamagedList extends Error {
  override readonly name = 'DamagedList';
}

const maximumEntries = 10_000;
const longestId = 1_024;
const longestReason = 200;

type Json = Readonly<Record<string, unknown>>;

/** @throws {DamagedList} When it is not a list. */
export function parseList(text: string): DeniedText {
  const list = asObject(parseStrictly(text), 'the list');
  assertMembers(list, ['version', 'writtenAt', 'denied'], 'the list');
  if (list['version'] !== 1) throw new DamagedList('version must be 1');
  const { denied } = list;
  if (!Array.isArray(denied)) throw new DamagedList('denied must be an array');
  if (denied.length > maximumEntries) throw new DamagedList(`more than ${maximumEntries} entries`);
  return {
    denied: denied.map((entry, index) => readEntry(entry, `denied[${index}]`)),
    writtenAt: readTime(list['writtenAt'], 'writtenAt'),
  };
}

/** @param writtenAt Milliseconds since the epoch. */
export function formatList(denied: readonly Denied[], writtenAt: number): string {
  const entries = denied.map((entry) => ({
    ...entry,
    since: formatTime(entry.since),
    until: formatTime(entry.until),
  }));
  const lines = entries.map((entry) => `\n    ${JSON.stringify(entry)}`);
  const end = lines.length === 0 ? '' : '\n  ';
  const time = new Date(writtenAt).toISOString();
  return `{\n  "version": 1,\n  "writtenAt": "${time}",\n  "denied": [${lines.join(',')}${end}]\n}\n`;
}

function readEntry(value: unknown, name: string): Denied {
  const entry = asObject(value, name);
  assertMembers(entry, ['issuer', ...partyKinds, 'reason', 'since', 'until'], name);
  const kinds = partyKinds.filter((kind) => entry[kind] !== undefined);
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) {
    throw new DamagedList(`${name} must have exactly one of subject, client and token`);
  }
  const party = {
    issuer: readText(entry['issuer'], `${name}.issuer`, longestId),
    [kind]: readText(entry[kind], `${name}.${kind}`, longestId),
  } as unknown as DeniedParty;
  const since = toSeconds(readTime(entry['since'], `${name}.since`));
  const until = toSeconds(readTime(entry['until'], `${name}.until`));
  return {
    ...party,
    reason: readText(entry['reason'], `${name}.reason`, longestReason),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

/** @throws {DamagedList} When it is not JSON, or names a member twice: the second would hide the first. */
function parseStrictly(text: string): unknown {
  let members = -1;
  let value: unknown;
  try {
    // Editors on Windows begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''), function count(this: unknown, _name, member) {
      if (!Array.isArray(this)) members += 1;
      return member as unknown;
    });
  } catch {
    throw new DamagedList('it is not JSON');
  }
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g)?.filter((token) => token.endsWith(':'));
  if ((written?.length ?? 0) !== members) throw new DamagedList('a member appears twice');
  return value;
}

function asObject(value: unknown, name: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new DamagedList(`${name} must be an object`);
}

function assertMembers(value: Json, known: readonly string[], name: string): void {
  // The name of an unknown member may be anything.
  if (Object.keys(value).every((member) => known.includes(member))) return;
  throw new DamagedList(`${name} may only have ${known.join(', ')}`);
}

function readText(value: unknown, name: string, longest: number): string {
  const isText = typeof value === 'string' && value.isWellFormed() && value.trim() === value;
  if (isText && value !== '' && value.length <= longest) return value;
  throw new DamagedList(
    `${name} must be a text of 1 to ${longest} characters, without space around it`,
  );
}

const timePattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/;

/** A day or a moment in UTC: other forms mean another time on another machine. */
function readTime(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  const time =
    typeof value === 'string' && timePattern.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new DamagedList(`${name} must be a time in UTC, such as 2026-12-31T18:00:00Z`);
}

function toSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1_000);
}

function formatTime(seconds: number | undefined): string | undefined {
  return seconds === undefined
    ? undefined
    : new Date(seconds * 1_000).toISOString().replace('.000', '');
}
