/** The tools that know shell scripts and Prometheus rules, from Debian: `bash .ci/install-deploy-tools` installs them. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const pathOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

it('shellcheck finds nothing in deploy.sh and in the stand-ins of its test', async () => {
  const scripts = readdirSync(pathOf('deploy')).filter((name) => name.endsWith('.sh'));
  const programs = readdirSync(pathOf('test/deploy/programs'));
  const files = [
    ...scripts.map((name) => `deploy/${name}`),
    ...programs.map((name) => `test/deploy/programs/${name}`),
  ];

  expect(scripts.length).toBeGreaterThan(3);
  expect((await run('shellcheck', ['--external-sources', ...files.map(pathOf)])).stdout).toBe('');
});

it('promtool finds no fault in the rules, and they alert when they must', async () => {
  const { stdout: checked } = await run('promtool', [
    ...['check', 'rules', pathOf('operations/prometheus-rules.yaml')],
  ]);
  const { stdout: tested } = await run('promtool', [
    ...['test', 'rules', pathOf('operations/prometheus-rules.test.yaml')],
  ]);

  expect(checked).toMatch(/SUCCESS: \d+ rules found/);
  expect(tested).toContain('SUCCESS');
});
