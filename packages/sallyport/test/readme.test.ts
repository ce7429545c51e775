import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { command } from './command.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('shows an example that works', async () => {
  const { code, answer } = await import('./readme.ts');

  expect(answer).toMatchObject({ ok: true });
  expect(code).toBe(0);
});

it('lists every command, and every option of each', async () => {
  const { output } = await command(['--help']);
  const names = [...output.matchAll(/^ {2}([a-z]+) .*? {2}/gm)].map(([, name = '']) => name);
  for (const name of names.filter((each) => each !== 'help')) {
    expect(readme).toContain(`\`${name}`);
    const help = (await command([name, '--help'])).output;
    for (const [, option] of help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
      if (option !== '--help') expect(readme).toContain(`\`${option}`);
    }
  }
});
