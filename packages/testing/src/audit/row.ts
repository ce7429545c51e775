/** What a row of an audit is. The rows themselves are in `rows`, one table for each theme. */
import type { Kit } from './target/kit.ts';
import type { Answer } from './wire/answer.ts';
import type { AuditRequest } from './wire/request.ts';

/** The themes, in the order in which they are tried. */
export const themes = [
  'control',
  'metadata',
  'challenge',
  'paths',
  'methods',
  'token-form',
  'algorithm',
  'key-id',
  'claims',
  'audience',
  'expiry',
  'credentials',
  'duplicate-fields',
  'scopes',
  'body',
  'batches',
  'content-type',
  'rebinding',
  'cors',
  'sessions',
  'smuggling',
  'limits',
  'http2',
] as const;

/** A theme of an audit. */
export type Theme = (typeof themes)[number];

/** How bad it is if a row fails. */
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/**
 * What a row needs besides the address.
 *
 * `access`: a token, or a server without access control. `token`: a valid token. `jwt`: that token is a JWT.
 * `mint`: an issuer or a key. `key`: a key. `write-tool`: the name of a tool that writes. `slow`: time.
 */
export type Need = 'access' | 'token' | 'jwt' | 'mint' | 'key' | 'write-tool' | 'slow' | 'http2';

/**
 * The result of a row.
 *
 * `limited`: the server answered 429, so the row shows nothing yet.
 */
export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'not-offered' | 'left-out' | 'limited';
  /** Why, with what was found. */
  readonly found: string;
  /** Default: the severity of the row. */
  readonly severity?: Severity;
}

/** Judges the answer to the request of a row. */
export type Judge = (answer: Answer, kit: Kit) => Verdict;

interface RowText {
  /** Stable, such as `audience-04`. */
  readonly id: string;
  readonly theme: Theme;
  /** What is sent. */
  readonly title: string;
  /** The requirement of Sallyport that the row tries, such as `CLM-11`. */
  readonly requirement: string;
  /** The clause that says what is right. */
  readonly clause: string;
  /** What a hardened server does. */
  readonly right: string;
  readonly severity: Severity;
  readonly needs: readonly Need[];
  /** The row looks at the form of a refusal, so 429 shows nothing. Default false. */
  readonly looksAtForm?: boolean;
}

/** One attack or fault. */
export interface AuditRow extends RowText {
  readonly run: (kit: Kit) => Promise<Verdict>;
}

/** A row in a table, before its theme and its number. */
export interface RowEntry extends Omit<RowText, 'id' | 'theme' | 'needs'> {
  /** Default: those of the table. */
  readonly needs?: readonly Need[];
  /** One request, and the judge of its answer. `undefined`: this server offers nothing to try. */
  readonly request?: (kit: Kit) => AuditRequest | undefined | Promise<AuditRequest | undefined>;
  readonly judge?: Judge;
  /** In place of `request` and `judge`: several requests. */
  readonly run?: (kit: Kit) => Promise<Verdict>;
}

/** Numbers the rows of a theme. New rows go to the end, so that ids stay. */
export function table(
  theme: Theme,
  needs: readonly Need[],
  entries: readonly RowEntry[],
): readonly AuditRow[] {
  return entries.map(({ request, judge, run, ...text }, index) => ({
    ...{ needs, ...text },
    id: `${theme}-${`${index + 1}`.padStart(2, '0')}`,
    theme,
    run: run ?? ((kit) => tryRequest(kit, request, judge)),
  }));
}

async function tryRequest(
  kit: Kit,
  request: RowEntry['request'],
  judge: Judge | undefined,
): Promise<Verdict> {
  const attempt = await request?.(kit);
  if (attempt === undefined || judge === undefined) {
    return { outcome: 'not-offered', found: 'the server offers nothing to try this with' };
  }
  return judge(await kit.send(attempt), kit);
}
