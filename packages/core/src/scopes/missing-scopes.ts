/**
 * Says which scopes a token lacks, and where it may have them instead. It quotes scopes of this server
 * and names of claims from a closed list, and nothing else that the token holds.
 */
import { valueAtPath } from '../token/claim-path.ts';
import type { Claims } from '../token/claims.ts';
import type { Principal } from '../token/token-verifier.ts';

type ClaimHolder = Pick<Principal, 'scopes' | 'claims'>;

// Where providers put permissions: roles of Entra and Keycloak, permissions of Auth0, groups of Cognito.
const otherClaims: readonly (readonly [string, ...string[]])[] = [
  ['scp'],
  ['scopes'],
  ['roles'],
  ['role'],
  ['permissions'],
  ['groups'],
  ['authorities'],
  ['cognito:groups'],
  ['realm_access', 'roles'],
];
const maximumEntries = 1_000;

/**
 * @param missing Those that the operation needs and the token lacks.
 * @param known Every scope that this server knows of: only those are quoted of the granted ones.
 */
export function explainMissingScopes(
  { scopes, claims }: ClaimHolder,
  missing: readonly string[],
  known: ReadonlySet<string>,
): string {
  const hints = missing.slice(0, 3).flatMap((scope) => explainOne(scope, scopes, claims));
  return [
    `missing ${missing.join(' ')}`,
    `granted ${describeGranted(scopes, known)}`,
    ...new Set(hints),
  ].join('; ');
}

function describeGranted(granted: ReadonlySet<string>, known: ReadonlySet<string>): string {
  const own = [...granted].filter((scope) => known.has(scope));
  const others = granted.size - own.length;
  if (others === 0) return own.join(' ') || 'none';
  const counted = `${others} ${others === 1 ? 'other' : 'others'}`;
  return own.length === 0 ? counted : `${own.join(' ')} and ${counted}`;
}

function explainOne(
  scope: string,
  granted: ReadonlySet<string>,
  claims: Claims,
): readonly string[] {
  const spelling = explainSpelling(scope, granted);
  if (spelling !== undefined) return [spelling];
  const claim = findClaim(scope, claims);
  return claim === undefined
    ? []
    : [`the token has ${scope} in ${claim}, where scopes are not read`];
}

function explainSpelling(scope: string, granted: ReadonlySet<string>): string | undefined {
  const lower = scope.toLowerCase();
  for (const other of granted) {
    if (other.toLowerCase() === lower) return 'a granted scope differs by upper and lower case';
    if (other.split(/[,;|]/).includes(scope)) {
      return 'the granted scopes are joined by commas, and OAuth joins them by spaces';
    }
    if (other.endsWith(`/${scope}`)) return 'a granted scope has it with a prefix';
    if (scope.endsWith(`/${other}`)) return 'a granted scope has it without its prefix';
  }
  return undefined;
}

function findClaim(scope: string, claims: Claims): string | undefined {
  for (const path of otherClaims) {
    if (holds(valueAtPath(claims, path), scope)) return path.join('.');
  }
  const clients = valueAtPath(claims, ['resource_access']);
  if (typeof clients !== 'object' || clients === null) return undefined;
  const roles = Object.values(clients).slice(0, maximumEntries);
  const isThere = roles.some((client) => holds(valueAtPath(client, ['roles']), scope));
  return isThere ? 'resource_access' : undefined;
}

function holds(value: unknown, scope: string): boolean {
  const list: unknown = typeof value === 'string' ? value.split(/[ ,]/) : value;
  return Array.isArray(list) && list.slice(0, maximumEntries).includes(scope);
}
