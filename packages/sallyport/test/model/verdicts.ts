/** The model: which answers to a request the documentation allows. Pure: it reads facts, and nothing else. */
import {
  type Answer,
  type Caller,
  type Credential,
  callerName,
  type DenialFacts,
  epoch,
  type Facts,
  maximumCalls,
  nameOf,
  type OpaqueFacts,
  type Party,
  storeOf,
  times,
} from './facts.ts';

export type Allowed = ReadonlySet<Answer>;

const only = (...answers: readonly Answer[]): Allowed => new Set(answers);

/** How far the gate had fetched keys when a request arrived. */
export interface Before {
  readonly fetches: number;
  readonly lastGood: Facts['keys']['lastGood'];
}

export const beforeOf = ({ keys }: Facts): Before => ({
  fetches: keys.fetches,
  lastGood: keys.lastGood,
});

/**
 * The answers that are right, after the request was answered.
 *
 * @param before What was known when it arrived.
 */
export function allowedAnswers(facts: Facts, credential: Credential, before: Before): Allowed {
  if (credential.kind === 'nonsense') return only('refused');
  const verified = verify(facts, credential, before);
  return verified.has('accepted')
    ? withQuota(facts, credential, withDenial(facts, credential, verified))
    : verified;
}

function withQuota(facts: Facts, caller: Caller, answers: Allowed): Allowed {
  if (callsLeft(facts, caller) > 0) return answers;
  return new Set([...answers].map((answer) => (answer === 'accepted' ? 'limited' : answer)));
}

/** How many calls of this caller may be accepted now. */
export function callsLeft({ now, calls }: Facts, caller: Caller): number {
  const all = calls.get(callerName(caller)) ?? [];
  return maximumCalls - all.filter((at) => isRecent(now, at, times.quotaWindow)).length;
}

function verify(
  facts: Facts,
  credential: Exclude<Credential, { kind: 'nonsense' }>,
  before: Before,
): Allowed {
  switch (credential.kind) {
    case 'jwt': {
      const found = findKey(facts, credential.keyId, before);
      return found.has('accepted') && !isGood(facts, credential)
        ? new Set([...found].map((answer) => (answer === 'accepted' ? 'refused' : answer)))
        : found;
    }
    case 'hmac jwt':
      return only(
        isGood(facts, credential) && isHmacSecretInUse(facts, credential.secret)
          ? 'accepted'
          : 'refused',
      );
    case 'opaque':
      return introspect(facts, credential.subject);
    case 'api key':
      return findApiKey(facts, credential);
  }
}

/** Times are compared as RFC 7519 §4.1.4 has them, with the tolerance. */
function isGood(
  { wall }: Facts,
  { issuedAt, expiresAt, defect }: Extract<Credential, { issuedAt: number }>,
): boolean {
  const now = Math.floor(wall);
  const isInTime = issuedAt <= now + times.clockTolerance && now < expiresAt + times.clockTolerance;
  return isInTime && defect === undefined;
}

/** What a token gets whose only question is its key: a good key, no such key, or an outage. */
function findKey(facts: Facts, keyId: string, before: Before): Allowed {
  const had = (fetch: Before['lastGood'], seconds: number) =>
    fetch !== undefined && facts.now - fetch.at < seconds && fetch.keys?.has(keyId) === true;
  const { lastGood } = facts.keys;
  const isForgotten = mustBeForgotten(facts, keyId);
  const longest = times.keysFresh + times.keysStale;
  // A refresh in the background does not affect the request that began it.
  if (had(before.lastGood, times.keysFresh) && !isForgotten) return only('accepted');
  if (had(lastGood, longest))
    return isForgotten ? only('refused', 'unavailable') : only('accepted');
  const missing = missKey(facts, before);
  return had(before.lastGood, longest) && !isForgotten ? only(...missing, 'accepted') : missing;
}

/** The key is not among those that the gate has. */
function missKey({ now, keys }: Facts, before: Before): Allowed {
  const { lastFetch, fetches } = keys;
  // The gate must have asked: no answer is right without.
  if (lastFetch === undefined || now - lastFetch.at >= lastFetch.pause) return only();
  if (lastFetch.keys === undefined) return only('unavailable');
  return only(fetches > before.fetches ? 'refused' : 'unavailable');
}

/** A removed key is refused once its origin could have said so for as long as keys are fresh. */
function mustBeForgotten({ now, keys }: Facts, keyId: string): boolean {
  const removedAt = keys.removedAt.get(keyId);
  if (removedAt === undefined || !keys.isWell) return false;
  return now - Math.max(removedAt, keys.wellSince) >= times.keysFresh;
}

function isHmacSecretInUse({ now, hmac }: Facts, secret: number): boolean {
  return secret === hmac.secret || now < (hmac.graces.get(secret) ?? Number.NEGATIVE_INFINITY);
}

function introspect(facts: Facts, name: string): Allowed {
  const { isWell, accepted, stored, known, tokens } = facts.introspection;
  const token = tokens.get(name);
  if (token !== undefined && isRemembered(facts, token)) {
    return only(isRememberedActive(facts, token) ? 'accepted' : 'refused');
  }
  const isHeard = accepted.includes(known) || accepted.includes(stored);
  if (!isWell || !isHeard) return only('unavailable');
  const isGoodHere =
    token !== undefined &&
    isActiveAtServer(facts, token) &&
    Math.floor(facts.wall) < token.expiresAt + times.clockTolerance;
  return only(isGoodHere ? 'accepted' : 'refused');
}

/** The clock of the server is right, whatever that of the gate says. */
export const isActiveAtServer = ({ now }: Facts, { isActive, expiresAt }: OpaqueFacts): boolean =>
  isActive && epoch + now < expiresAt;

/** Whether the gate uses an answer of before. */
export const isRemembered = (facts: Facts, token: OpaqueFacts): boolean =>
  isRememberedActive(facts, token) || isRecent(facts.now, token.inactiveAt, times.inactiveCache);

/** No answer is used after the end of its token (RFC 7662 §4). */
const isRememberedActive = ({ now, wall }: Facts, { activeAt, expiresAt }: OpaqueFacts): boolean =>
  isRecent(now, activeAt, times.introspectionCache) && Math.floor(wall) < expiresAt;

const isRecent = (now: number, at: number | undefined, seconds: number): boolean =>
  at !== undefined && now - at < seconds;

function findApiKey(
  facts: Facts,
  { store: name, token: id = '' }: Extract<Credential, { kind: 'api key' }>,
): Allowed {
  const { now, apiKeys } = facts;
  const store = storeOf(facts, name);
  const key = apiKeys.keys.get(id);
  const isReachable = store.isWell && now - store.wellSince >= times.storeRecovery;
  const isOfSecretInUse = key !== undefined && apiKeys.secret - key.secret <= 1;
  if (key === undefined || !isOfSecretInUse) {
    return isReachable ? only('refused') : only('refused', 'unavailable');
  }
  if (key.wasRefused) {
    return isReachable || apiKeys.secret === key.secret
      ? only('refused')
      : only('refused', 'unavailable');
  }
  const isRevoked = key.revokedAt !== undefined;
  const isRevokedForLong = isRevoked && now - (key.revokedAt ?? now) >= times.keyRevocation;
  const mayBeKnown = !isRevoked && key.wasForgotten === true;
  if (isReachable) {
    if (mayBeKnown) return only('accepted', 'refused');
    if (!isRevoked) return only('accepted');
    return isRevokedForLong ? only('refused') : only('accepted', 'refused');
  }
  const wasRead = isRecent(now, key.confirmedAt, times.keyWithoutStore);
  const answers = new Set<Answer>(['unavailable']);
  if ((wasRead || store.isWell) && !isRevokedForLong) answers.add('accepted');
  if (isRevoked || mayBeKnown) answers.add('refused');
  return answers;
}

function withDenial(facts: Facts, caller: Caller, verified: Allowed): Allowed {
  const { denial, redis, now } = facts;
  const { issuer, subject, client, token } = caller;
  const answers = new Set<Answer>([...verified].filter((answer) => answer !== 'accepted'));
  if (!denial.isLoaded && !redis.isWell) {
    answers.add('unavailable');
    if (!denial.mayBeLoaded) return answers;
  }
  // A list that was not read yet, from a store that has just come back.
  if (!denial.isLoaded && now - redis.wellSince < times.denial) answers.add('unavailable');
  const ofToken =
    token === undefined ? neverDenied : possibleFor(facts, { issuer, kind: 'token', id: token });
  if (ofToken.has(true)) answers.add('refused');
  if (!ofToken.has(false)) return answers;
  const others = [
    possibleFor(facts, { issuer, kind: 'subject', id: subject }),
    possibleFor(facts, { issuer, kind: 'client', id: client }),
  ];
  if (others.some((each) => each.has(true))) answers.add('denied');
  if (others.every((each) => each.has(false))) answers.add('accepted');
  return answers;
}

const neverDenied: ReadonlySet<boolean> = new Set([false]);

/** What the list in force may say of one party. */
function possibleFor(facts: Facts, party: Party): ReadonlySet<boolean> {
  const known = facts.denial.parties.get(nameOf(party));
  if (known === undefined) return neverDenied;
  return isInForce(facts, known) ? new Set([known.isDenied]) : known.possible;
}

export const mayBeDenied = (facts: Facts, party: Party): boolean =>
  possibleFor(facts, party).has(true);

/** A change is in force after 5 seconds in which the list could be read. */
export function isInForce({ now, redis }: Facts, { changedAt }: DenialFacts): boolean {
  return redis.isWell && now - Math.max(changedAt, redis.wellSince) >= times.denial;
}
