/** Faults under load, one after another. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { Fleet, Limits } from './fleet.ts';
import { type Load, startLoad } from './load.ts';
import {
  createJudge,
  type Lag,
  type LimitReport,
  type Outcome,
  type Period,
  reportLimit,
  toTable,
} from './model.ts';

/** What became of all requests. */
export interface ChaosReport {
  /** Faults × callers × outcomes. */
  readonly table: string;
  readonly requests: number;
  /** The first of those that got what they should not. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
  readonly confirmed: number;
  /** Confirmed notes that are not there at the end. */
  readonly lost: readonly string[];
  readonly calls: LimitReport;
  readonly failures: LimitReport;
  readonly limits: Limits;
  /** How often a limit is counted: in Redis, and by each instance while it is without Redis. */
  readonly counters: number;
  /** The longest time that the machine was late, in milliseconds. */
  readonly longestLagMs: number;
}

interface ChaosOptions {
  /** For how long each fault lasts, and the time after it, in milliseconds. */
  readonly partMs: number;
  readonly perSecond: number;
  /** Is told of each fault that begins. */
  readonly onFault?: (name: string) => void;
}

const longestRecoveryMs = 600_000;
const longestFaultMs = 60_000;
const leastRequests = 15;
const shownLagMs = 100;

export async function runChaos(
  fleet: Fleet,
  faults: readonly Fault[],
  { partMs, perSecond, onFault = () => {} }: ChaosOptions,
): Promise<ChaosReport> {
  const load = await startLoad(fleet, perSecond);
  const periods: Period[] = [];
  try {
    await untilWell(fleet, load, 'the start');
    load.outcomes.length = 0;
    for (const fault of faults) {
      const { name, effects } = fault;
      onFault(name);
      const from = performance.now();
      await fault.begin(fleet);
      await sleep(partMs);
      await untilRequests(load);
      await fault.end(fleet);
      await untilWell(fleet, load, name);
      periods.push({ name, effects, from, to: performance.now() });
      await sleep(partMs / 2);
    }
  } finally {
    await load.stop();
  }
  const { outcomes, confirmed } = load;
  const people = new Set(confirmed.map(({ person }) => person));
  const there = new Map<string, ReadonlySet<string>>();
  for (const person of people) there.set(person, await load.listAll(person));
  const lost = confirmed.filter(({ person, id }) => there.get(person)?.has(id) !== true);
  const lags = [load, fleet.balancer, fleet.sessionBalancer]
    .flatMap((each) => each?.lags ?? [])
    .filter(({ from, to }) => to - from > shownLagMs);
  const wrong = findWrong(outcomes, periods, lags);
  return {
    table: toTable(outcomes, periods),
    ...{ requests: outcomes.length, confirmed: confirmed.length, limits: fleet.limits },
    counters: fleet.instances.length + 1,
    ...{ wrong: wrong.slice(0, 20), wrongCount: wrong.length },
    lost: lost.map(({ id }) => id),
    ...(await reportLimits(fleet, outcomes)),
    longestLagMs: Math.round(Math.max(0, ...lags.map(({ from, to }) => to - from))),
  };
}

function findWrong(
  outcomes: readonly Outcome[],
  periods: readonly Period[],
  lags: readonly Lag[],
): readonly string[] {
  const judge = createJudge(periods, lags);
  return outcomes.flatMap((outcome) => {
    const fault = judge.findFault(outcome);
    if (fault === undefined) return [];
    const period = periods.find(
      ({ from, to }) => outcome.startedAt <= to && outcome.endedAt >= from,
    );
    const at = period === undefined ? 'between the faults' : `during "${period.name}"`;
    return [`${outcome.caller} ${at} at instance ${outcome.instance ?? '?'}: ${fault}`];
  });
}

async function reportLimits({ instances, limits }: Fleet, outcomes: readonly Outcome[]) {
  const windowMs = limits.windowSeconds * 1_000;
  const aloneBy = async (limited: 'calls' | 'failures') => {
    const times = await Promise.all(instances.map((instance) => instance.readAlone(limited)));
    return times.flatMap((own, instance) => own.map((time) => ({ ...time, instance })));
  };
  const got = (caller: Outcome['caller'], result: string) =>
    outcomes.filter((outcome) => outcome.caller === caller && outcome.result === result);
  return {
    calls: reportLimit(got('greedy caller', '200'), windowMs, await aloneBy('calls')),
    failures: reportLimit(got('bad token', '401'), windowMs, await aloneBy('failures')),
  };
}

/** A slow machine sends fewer requests, so each fault lasts until enough of them have their answers. */
async function untilRequests({ outcomes }: Load): Promise<void> {
  const enough = outcomes.length + leastRequests;
  const end = performance.now() + longestFaultMs;
  while (outcomes.length < enough && performance.now() < end) await sleep(100);
}

/** Every instance serves tokens and notes, over two answers in a row, and gets requests again. */
async function untilWell(fleet: Fleet, load: Load, name: string): Promise<void> {
  const end = performance.now() + longestRecoveryMs;
  const { instances, sessionInstances, balancer, sessionBalancer } = fleet;
  for (let inARow = 0; inARow < 2; ) {
    const illnesses = await Promise.all(instances.map(({ port }) => load.findIllness(port)));
    const away = [
      ...instances.map((_, index) => balancer.isServing(index)),
      ...sessionInstances.map((_, index) => sessionBalancer?.isServing(index)),
    ];
    const isWell = illnesses.every((each) => each === undefined) && away.every(Boolean);
    inARow = isWell ? inARow + 1 : 0;
    if (performance.now() > end) {
      const ends = await Promise.all(instances.map((instance) => instance.readEnd()));
      throw new Error(
        `not well again after "${name}": ${JSON.stringify({ illnesses, away, ends })}`,
      );
    }
    await sleep(100);
  }
}
