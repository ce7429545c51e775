/** `pnpm new <kind> <name>`. */
import { readArguments, usage } from './arguments.ts';
import { createPackage } from './create-package.ts';

// Most programs exit with 2 for a wrong command line; sysexits.h says 64.
const exitUsage = 2;
const root = new URL('../../../', import.meta.url);

const asked = readArguments(process.argv.slice(2));
if ('help' in asked) process.stdout.write(usage);
else {
  const outcome = 'problem' in asked ? asked : await createPackage(root, asked);
  if ('problem' in outcome) {
    process.stderr.write(`${outcome.problem}\n`);
    process.exitCode = exitUsage;
  } else process.stdout.write(outcome.text);
}
