/** Sends requests, and compares each answer with the model. */
import type { Issued } from './credentials.ts';
import {
  type Answer,
  type Caller,
  type Credential,
  callerName,
  type Facts,
  storeOf,
  times,
} from './facts.ts';
import type { Outcome } from './outcome.ts';
import { addressOfAll, type Run } from './run.ts';
import type { GateName } from './site.ts';
import {
  type Allowed,
  allowedAnswers,
  type Before,
  beforeOf,
  callsLeft,
  isActiveAtServer,
  isInForce,
  isRemembered,
  mayBeDenied,
} from './verdicts.ts';

export type Address = 'its own' | 'the one of all';

const addressOf = (run: Run, address: Address) =>
  address === 'its own' ? run.freshAddress() : addressOfAll;

function gateOf({ credential }: Issued): GateName {
  const isOfFile = credential.kind === 'api key' && credential.store === 'file';
  return isOfFile || credential.kind === 'hmac jwt' ? 'hmac' : 'main';
}

/** Longer than Redis takes for an answer, and shorter than anybody waits for it. */
const lateMs = 800;
const longestRetries = 10;

/** @throws {Error} When the answer is none of those that the model allows. */
export async function askOne(
  facts: Facts,
  run: Run,
  issued: Issued,
  address: Address,
): Promise<void> {
  const { credential } = issued;
  run.sent.push(issued);
  for (let retries = 0; ; retries += 1) {
    const before = beforeOf(facts);
    const outcome = await run.site.ask(issued.token, addressOf(run, address), gateOf(issued));
    await run.site.settle();
    run.counts.requests += 1;
    const allowed = withLimit(allowedAnswers(facts, credential, before), address);
    learnFromAnswer(facts, credential, outcome.answer);
    // The machine may be slower than the time limits of the gate. Then the next request is on time.
    if (!isLate(outcome, allowed, facts, credential) || retries === longestRetries) {
      assertAllowed(run, credential, outcome, allowed);
      learnFromList(facts, outcome.answer);
      return;
    }
    run.counts.late += 1;
    pass(facts, times.denial);
  }
}

/** Sends requests at the same time, so that they share fetches and questions. */
export async function askTogether(facts: Facts, run: Run, all: readonly Issued[]): Promise<void> {
  const before = beforeOf(facts);
  run.sent.push(...all);
  const outcomes = await Promise.all(
    all.map((issued) => run.site.ask(issued.token, run.freshAddress(), gateOf(issued))),
  );
  await run.site.settle();
  run.counts.requests += all.length;
  const judged = all.map(({ credential }, index) => {
    const allowed = withCompany(facts, credential, before, all);
    return { credential, allowed, outcome: outcomes[index] as Outcome };
  });
  for (const { credential, outcome } of judged) {
    assertCallsLeft(facts, credential, outcome.answer);
    learnFromAnswer(facts, credential, outcome.answer);
  }
  const onTime = judged.filter(
    ({ credential, allowed, outcome }) => !isLate(outcome, allowed, facts, credential),
  );
  run.counts.late += judged.length - onTime.length;
  for (const { credential, allowed, outcome } of onTime) {
    assertAllowed(run, credential, outcome, allowed);
    learnFromList(facts, outcome.answer);
  }
}

/** A client over its limit of failures may learn nothing else. A valid token passes all the same. */
function withLimit(allowed: Allowed, address: Address): Allowed {
  const mayBeLimited = address !== 'its own' && [...allowed].some((each) => each !== 'accepted');
  return mayBeLimited ? new Set([...allowed, 'limited']) : allowed;
}

/** Only a fetch that began after a token arrived proves that its key does not exist. */
function withCompany(
  facts: Facts,
  credential: Credential,
  before: Before,
  all: readonly Issued[],
): Allowed {
  const allowed = new Set(allowedAnswers(facts, credential, before));
  const sharesFetch = credential.kind === 'jwt' && facts.keys.fetches > before.fetches;
  if (sharesFetch && allowed.has('refused')) allowed.add('unavailable');
  const sharesQuota = all.filter((other) => isOfSameCaller(other.credential, credential)).length;
  const mayBeLast =
    'subject' in credential &&
    allowed.has('accepted') &&
    sharesQuota > callsLeft(facts, credential);
  return mayBeLast ? allowed.add('limited') : allowed;
}

const isOfSameCaller = (one: Credential, other: Credential): boolean =>
  'subject' in one && 'subject' in other && callerName(one) === callerName(other);

/** Of calls at once, as many are accepted as are left, whichever these are. */
function assertCallsLeft(facts: Facts, credential: Credential, answer: Answer): void {
  if (!('subject' in credential) || answer !== 'accepted') return;
  if (callsLeft(facts, credential) > 0) return;
  throw new Error(`${JSON.stringify(credential)}: was accepted, and its caller had no calls left`);
}

/** Whether Redis and the file are well, and only the machine was too busy for their answer. */
function isLate(
  { answer, elapsedMs, wasLate }: Outcome,
  allowed: Allowed,
  facts: Facts,
  credential: Credential,
): boolean {
  const store = credential.kind === 'api key' ? credential.store : 'redis';
  const isWell = facts.redis.isWell && storeOf(facts, store).isWell;
  return !allowed.has(answer) && isWell && (wasLate || elapsedMs > lateMs);
}

function assertAllowed(
  { faults }: Run,
  credential: Credential,
  { answer, detail, fault }: Outcome,
  allowed: Allowed,
): void {
  const about = JSON.stringify(credential);
  if (!allowed.has(answer)) {
    const right = allowed.size === 0 ? 'a fetch of keys first' : [...allowed].join(' or ');
    throw new Error(`${about}: was ${answer}, must be: ${right}; ${detail ?? 'no detail'}`);
  }
  const [first = fault] = faults;
  if (first !== undefined) throw new Error(`${about}: ${first}`);
}

/** What the services answered and the quota counted, which the gate may use again. */
function learnFromAnswer(facts: Facts, credential: Credential, answer: Answer): void {
  if ('subject' in credential && answer === 'accepted') {
    const name = callerName(credential);
    facts.calls.set(name, [...(facts.calls.get(name) ?? []), facts.now]);
  }
  if (credential.kind === 'opaque') learnIntrospection(facts, credential.subject);
  if (credential.kind === 'api key') learnApiKey(facts, credential, answer);
}

/** A request that reached the list has made the gate read what it can read. */
function learnFromList(facts: Facts, answer: Answer): void {
  if (answer !== 'accepted' && answer !== 'denied') return;
  facts.denial.isLoaded = true;
  for (const party of facts.denial.parties.values()) {
    if (isInForce(facts, party)) party.possible = new Set([party.isDenied]);
  }
}

function learnIntrospection(facts: Facts, name: string): void {
  const { now, introspection } = facts;
  const token = introspection.tokens.get(name);
  if (token === undefined || isRemembered(facts, token)) return;
  delete token.activeAt;
  if (!introspection.isWell) return;
  if (!introspection.accepted.includes(introspection.known)) {
    introspection.known = introspection.stored;
  }
  if (!introspection.accepted.includes(introspection.known)) return;
  if (isActiveAtServer(facts, token)) token.activeAt = now;
  else token.inactiveAt = now;
}

function learnApiKey(facts: Facts, { issuer, token: id = '' }: Caller, answer: Answer): void {
  const key = facts.apiKeys.keys.get(id);
  if (key === undefined || !storeOf(facts, key.store).isWell) return;
  key.confirmedAt = facts.now;
  // A denied key is refused as well, and that ends.
  const isOfKey = !mayBeDenied(facts, { issuer, kind: 'token', id });
  if (answer === 'refused' && key.revokedAt !== undefined && isOfKey) key.wasRefused = true;
}

/** Lets time pass, for every clock. */
export function pass(facts: Facts, seconds: number): void {
  facts.now += seconds;
  facts.wall += seconds;
}
