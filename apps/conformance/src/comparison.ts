import { runScenario, runSuite, type Verdict } from './run-suite.ts';
import { type Revision, startServers } from './start-servers.ts';

/** What the suite says of one server, without the gate and behind it. */
export interface Comparison {
  readonly bare: readonly Verdict[];
  readonly gated: readonly Verdict[];
}

/** How the gate stands in front of the server. */
export type Arrangement = 'gated' | 'proxied' | 'launched';

// The suite has time limits of its own, down to 0.8 seconds. On a busy machine either server misses one now and then.
const rounds = 2;

/**
 * Puts the same server before the suite twice. Scenarios that end differently run again, one at a time: a difference
 * that matters stays.
 *
 * @param arrangement `gated`: the gate calls the server. `proxied`: the gate sends requests to it. `launched`: the
 * gate starts it as a command.
 */
export async function compare(
  revision: Revision,
  arrangement: Arrangement = 'gated',
): Promise<Comparison> {
  const servers = await startServers(revision);
  try {
    let [bare, gated] = await Promise.all([
      runSuite(servers.bare, revision),
      runSuite(servers[arrangement], revision),
    ]);
    for (let round = 0; round < rounds; round += 1) {
      for (const scenario of listDifferent(bare, gated)) {
        const runAgain = (url: string) => runScenario(url, revision, scenario);
        bare = replace(bare, await runAgain(servers.bare));
        gated = replace(gated, await runAgain(servers[arrangement]));
      }
    }
    return { bare, gated };
  } finally {
    await servers.stop();
  }
}

/** The scenarios of which some check ended differently. */
function listDifferent(bare: readonly Verdict[], gated: readonly Verdict[]): readonly string[] {
  const scenarios = new Set([...bare, ...gated].map(({ scenario }) => scenario));
  const checksOf = (verdicts: readonly Verdict[], wanted: string) =>
    listVerdicts(verdicts.filter(({ scenario }) => scenario === wanted)).join('\n');
  return [...scenarios].filter((wanted) => checksOf(bare, wanted) !== checksOf(gated, wanted));
}

/** Puts the verdicts of one scenario in the place of its earlier ones. */
function replace(verdicts: readonly Verdict[], later: readonly Verdict[]): readonly Verdict[] {
  const scenarios = new Set(later.map(({ scenario }) => scenario));
  return [...verdicts.filter(({ scenario }) => !scenarios.has(scenario)), ...later];
}

/** For comparing: how each check of each scenario ended. */
export function listVerdicts(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.map(({ scenario, check, status }) => `${scenario}: ${check}: ${status}`).sort();
}

export function countPassed(verdicts: readonly Verdict[]): number {
  return verdicts.filter(({ status }) => status === 'SUCCESS').length;
}
