/** `node tools/image/src/main.ts --out bundle --leave @sallyport/testing src/main.ts`, in the folder of a package. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleProgram } from './bundle-program.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, leave: { type: 'string', multiple: true, default: [] } },
});
if (values.out === undefined || positionals.length === 0) {
  throw new Error('Usage: node main.ts --out FOLDER [--leave PACKAGE] ENTRY...');
}
await bundleProgram({
  folder: process.cwd(),
  entries: positionals,
  left: values.leave,
  out: resolve(values.out),
});
