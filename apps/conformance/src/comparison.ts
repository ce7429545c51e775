import { runSuite, type Verdict } from './run-suite.ts';
import { type Revision, startServers } from './start-servers.ts';

/** What the suite says of one server, without the gate and behind it. */
export interface Comparison {
  readonly bare: readonly Verdict[];
  readonly gated: readonly Verdict[];
}

/** How the gate stands in front of the server. */
export type Arrangement = 'gated' | 'proxied' | 'launched';

/**
 * Puts the same server before the suite twice.
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
    const [bare, gated] = await Promise.all([
      runSuite(servers.bare, revision),
      runSuite(servers[arrangement], revision),
    ]);
    return { bare, gated };
  } finally {
    await servers.stop();
  }
}

/** For comparing: how each check of each scenario ended. */
export function listVerdicts(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.map(({ scenario, check, status }) => `${scenario}: ${check}: ${status}`).sort();
}

export function countPassed(verdicts: readonly Verdict[]): number {
  return verdicts.filter(({ status }) => status === 'SUCCESS').length;
}
