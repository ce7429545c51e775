/** What the compiler says to somebody who forgets or misspells an option. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
const project = fileURLToPath(new URL('mistakes', import.meta.url));

/** One run for all mistakes: what it says of each file, by its name. */
const messages = await new Promise<Readonly<Partial<Record<string, readonly string[]>>>>(
  (resolve) => {
    const options = ['--noEmit', '--pretty', 'false', '--project', project];
    execFile(process.execPath, [compiler, ...options], { cwd: project }, (_failed, output) => {
      const texts = output.split(/^(?=\S+\.ts\(\d)/m);
      resolve(Object.groupBy(texts, (text) => text.split('.ts(', 1)[0] ?? ''));
    });
  },
);

it.each([
  ['forgotten-audience', "Property 'audience' is missing"],
  ['forgotten-audience-of-one', "Property 'audience' is missing"],
  ['forgotten-issuer', "Property 'issuer' is missing"],
  ['forgotten-keys', "Property 'keys' is missing"],
  ['forgotten-algorithms', "Property 'algorithms' is missing"],
  ['misspelt-audience', "'audiences' does not exist in type"],
  ['misspelt-option', "'clockTolerance' does not exist in type"],
  ['misspelt-algorithm', `Did you mean '"RS256"'?`],
])('SETUP-04: names the cause of a %s, and leads nobody to a weaker thing', (name, cause) => {
  const [message, ...others] = messages[name] ?? [];

  expect(message).toContain(cause);
  expect(message).not.toMatch(/Hmac|HS256/);
  expect(others).toEqual([]);
});

it('complains of nothing else', () => {
  expect(Object.keys(messages)).toHaveLength(8);
});
