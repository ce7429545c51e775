/** Which requirements `sallyport audit` tries, and why it does not try the others. */
import type { RequirementGroup } from './requirements.ts';

/** Groups that a client cannot try on a server of somebody else. A row of the audit can name one of theirs. */
const groupsNotTried: Readonly<Record<string, string>> = {
  KEY: 'An auditor holds tokens, not API keys.',
  CASE: 'A case is a sample of another row, or concerns one part of Sallyport.',
  CFG: 'Configuration is read before the first request.',
  DEN: 'The operator denies callers.',
  DPOP: 'The audit sends bearer tokens. CLM-17 covers bound tokens.',
  INT: 'The authorization server answers, and the auditor does not control it.',
  JWK: 'The issuer publishes keys, and the auditor does not control it.',
  OPS: 'Only the operator sees the process, its logs and its metrics.',
  PAGE: 'Pages for people are not part of MCP.',
  POL: 'The operator writes the policy.',
  RL: 'To find a limit, an audit would have to exhaust it.',
  REG: 'Clients are registered by an authorization server.',
  SEC: 'Secrets are read inside the server.',
  SETUP: 'Parts are put together before the first request.',
};

/** Requirements that the rows of another one try as well. */
const triedWith: Readonly<Record<string, string>> = {
  'CLM-09': 'CLM-11',
  'CLM-19': 'TOK-16',
  'HDR-05': 'HDR-01',
  'HDR-06': 'HDR-01',
  'MCP-10': 'ANS-03',
  'MCP-11': 'ANS-04',
  'SPEC-35': 'ANS-01',
};

const outage = 'Needs an outage of the issuer.';
const setting = 'Depends on a setting of the server.';
const handler = 'Only the handlers of the server see it.';
const stream = 'Needs a stream that stays open until its token expires.';
const list = 'Only the server knows whether its list depends on the caller.';
const issuer = 'The issuer decides it, and the auditor does not control its keys or claims.';
const proxy = 'Concerns a proxy and what is behind it.';

/** Other requirements that the audit does not try. */
const notTried: Readonly<Record<string, string>> = {
  'ANS-05': outage,
  'ANS-06': 'To find the limit, an audit would have to exhaust it.',
  'CLM-08': setting,
  'CLM-10': 'A server that is stricter is not less hardened.',
  'CLM-13': issuer,
  'CLM-15': setting,
  'CLM-16': handler,
  'HDR-20': outage,
  'HDR-24': handler,
  'MCP-01': handler,
  'MCP-06': stream,
  'MCP-07': list,
  'MCP-17': stream,
  'MCP-20': proxy,
  'MCP-21': proxy,
  'MCP-22': setting,
  'SDK-06': 'Needs a defect in the verifier of the server.',
  'SDK-07': handler,
  'SDK-09': 'The text of a refusal is free, so no comparison proves it.',
  'SDK-12': stream,
  'SDK-18': setting,
  'SDK-20': setting,
  'SDK-21': handler,
  'SDK-23': 'The audit sends bearer tokens.',
  'SPEC-07': 'The operator decides which scopes are needed.',
  'SPEC-15': handler,
  'SPEC-21': setting,
  'SPEC-22': 'Advice for the operator.',
  'SPEC-25': proxy,
  'SPEC-31': proxy,
  'SPEC-36': 'An option for clients of 2025-03-26.',
  'SPEC-42': list,
  'SPEC-43': list,
  'SPEC-50': 'Needs a tool with a secret argument.',
  'SPEC-54': 'The authorization server answers introspection.',
  'SPEC-56': 'A token that must be accepted. The control rows send the token that they are given.',
  'SPEC-58': 'The audit sends bearer tokens.',
  'TOK-03': 'Refused at the start.',
  'TOK-07': 'A server may accept both texts.',
  'TOK-15': issuer,
  'TOK-25': issuer,
  'TOK-26': setting,
  'TOK-28': 'An audit must not flood a server.',
};

/** The ids of requirements that a table of the audit names. */
export function findAudited(
  sources: readonly string[],
  groups: readonly RequirementGroup[],
): ReadonlySet<string> {
  const prefixes = groups.map(({ prefix }) => prefix).join('|');
  const id = new RegExp(`'((?:${prefixes})-\\d+)'`, 'g');
  return new Set(
    sources.flatMap((source) => [...source.matchAll(id)].map(([, found]) => `${found}`)),
  );
}

/** What is wrong with the tables above: requirements without an answer, with two, and unknown ids. */
export function findCoverageProblems(
  audited: ReadonlySet<string>,
  groups: readonly RequirementGroup[],
): readonly string[] {
  const rows = groups.flatMap(({ prefix, rows: own }) =>
    own.map(({ id, heldBy = [] }) => ({ id, heldBy, isInGroup: prefix in groupsNotTried })),
  );
  const known = new Set(rows.map(({ id }) => id));
  const isTried = (id: string) => audited.has(id) || id in triedWith;
  const answered = [...Object.keys(triedWith), ...Object.keys(notTried)];
  return [
    ...[...audited, ...answered, ...Object.values(triedWith)]
      .filter((id) => !known.has(id))
      .map((id) => `${id}: there is no such requirement`),
    ...Object.values(triedWith)
      .filter((id) => !audited.has(id))
      .map((id) => `${id}: the audit does not try it`),
    ...answered.filter((id) => audited.has(id)).map((id) => `${id}: the audit names it itself`),
    ...Object.keys(notTried)
      .filter((id) => id in triedWith)
      .map((id) => `${id}: has two answers`),
    ...rows
      .filter(({ id, heldBy, isInGroup }) => {
        const hasAnswer = [id, ...heldBy].some(isTried) || id in notTried;
        return !isInGroup && !hasAnswer;
      })
      .map(({ id }) => `${id}: the audit does not try it, and no reason says why`),
  ];
}
