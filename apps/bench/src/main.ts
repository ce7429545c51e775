/** `pnpm bench`: reads the options, and starts the measuring process on a free CPU core. */
import { fileURLToPath } from 'node:url';
import { groups } from './groups/groups.ts';
import { helpText, parseOptions } from './options.ts';
import { chooseCore, runOnCore } from './rounds/pinning.ts';

const names = groups.map(({ name }) => name);
const request = parseOptions(process.argv.slice(2), names);

if (request.kind === 'help') {
  process.stdout.write(`${helpText(names)}\n`);
} else if (request.kind === 'mistake') {
  process.stderr.write(`${request.message}\n\n${helpText(names)}\n`);
  process.exitCode = 2;
} else {
  const core = await chooseCore();
  const program = fileURLToPath(new URL('measure.ts', import.meta.url));
  process.exitCode = await runOnCore(core, program, [
    JSON.stringify({ ...request.options, core: core ?? null }),
  ]);
}
