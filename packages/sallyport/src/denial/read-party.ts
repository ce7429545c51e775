/** Reads who is meant, and for how long, from the options of `deny` and `allow`. */
import type { DeniedParty } from '@sallyport/denial';
import { UsageError } from '../usage-error.ts';

/** Who is meant: exactly one of them. */
export interface PartyOptions {
  readonly subject?: string;
  readonly client?: string;
  readonly token?: string;
  readonly key?: string;
  readonly issuer?: string;
}

/** Until when. */
export interface EndOptions {
  readonly for?: string;
  readonly until?: string;
}

const issuerOfKeys = 'urn:sallyport:api-key';
const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/**
 * @param issuers Those that the server trusts, as far as that is known.
 * @throws {UsageError} When not exactly one party is named, or its issuer is missing.
 */
export function readParty(options: PartyOptions, issuers: readonly string[]): DeniedParty {
  const { subject, client, token, key } = options;
  const named = [subject, client, token, key].filter((each) => each !== undefined);
  if (named.length !== 1 || named[0]?.trim() === '') {
    throw new UsageError('Name exactly one: --subject, --client, --token or --key.');
  }
  if (key !== undefined) {
    if (options.issuer !== undefined) throw new UsageError('--key needs no --issuer.');
    // A whole key has 256 random bits, and does not belong into a list.
    if (key.length > 40)
      throw new UsageError('--key takes the id of a key, and not the key itself.');
    return { issuer: issuerOfKeys, token: key };
  }
  const [only, ...others] = issuers;
  const issuer = options.issuer ?? (others.length === 0 ? only : undefined);
  if (issuer === undefined) {
    const known = others.length === 0 ? '' : ` The server trusts ${issuers.join(', ')}.`;
    throw new UsageError(
      `Name the issuer with --issuer, exactly as tokens have it in iss.${known}`,
    );
  }
  if (token !== undefined && token.split('.').length === 3 && token.startsWith('eyJ')) {
    throw new UsageError('--token takes the id of a token (jti), and not the token itself.');
  }
  return { issuer, ...pick({ subject, client, token }) } as DeniedParty;
}

/**
 * @returns Seconds since the epoch. `undefined`: without end.
 * @throws {UsageError} When it is in the past, or cannot be read.
 */
export function readEnd(options: EndOptions, nowMs: number): number | undefined {
  const { for: duration, until } = options;
  if (duration !== undefined && until !== undefined) {
    throw new UsageError('Use --for or --until, not both.');
  }
  if (duration !== undefined) {
    const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(duration) ?? [];
    const seconds = Number(count) * (unitSeconds[unit] ?? 0);
    if (!(seconds > 0)) throw new UsageError('--for takes a duration such as 90m, 24h or 30d.');
    return Math.ceil(nowMs / 1_000) + seconds;
  }
  if (until === undefined) return undefined;
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/.test(until);
  const end = isTime ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(end)) {
    throw new UsageError('--until takes a day or a time in UTC, such as 2026-12-31T18:00:00Z.');
  }
  if (end <= nowMs) throw new UsageError('--until is in the past.');
  return end / 1_000;
}

function pick(members: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
