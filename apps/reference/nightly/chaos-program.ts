/** The chaos run as a process: `chaos-program.ts <seconds> <requests per second> <seed>`. It prints its report as JSON. */
import { allFaults } from '../test/chaos/faults.ts';
import { startFleet } from '../test/chaos/fleet.ts';
import { createRandom } from '../test/chaos/random.ts';
import { runChaos } from '../test/chaos/run.ts';

const [seconds = 600, perSecond = 50, seed = 1] = process.argv.slice(2).map(Number);
const size = 4;
const faults = allFaults(size, createRandom(seed));
const fleet = await startFleet({ size, hasSessions: true, isSecure: false });
try {
  const report = await runChaos(fleet, faults, {
    // Each fault takes one and a half.
    partMs: (seconds * 1_000) / faults.length / 1.5,
    perSecond,
    onFault: (name) => process.stderr.write(`${name}\n`),
  });
  process.stdout.write(JSON.stringify(report));
} finally {
  await fleet.stop();
}
