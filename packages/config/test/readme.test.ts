import { readFileSync } from 'node:fs';
import { frontDoors, knownProviders } from '@sallyport/verifier-jwt/providers';
import { expect, it } from 'vitest';
import { secretBackends } from '../src/secrets/backends/all-backends.ts';
import { variables } from '../src/variables/all-variables.ts';
import { metadataPath, report } from './readme.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

it('shows an example that does what it says', () => {
  expect(metadataPath).toBe('/.well-known/oauth-protected-resource/mcp');
  expect(report).toContain('"variable":"FASTMCP_SERVER_AUTH_JWT_ISSUER"');
});

it('has every variable, with default, range and meaning as they are', () => {
  const environment = [
    '`ENVIRONMENT`',
    '`production`',
    'production, development or test',
    'Where the program runs',
  ];
  const table = variables.map(({ name, fallback, allowed, meaning }) => [
    `\`${name}\``,
    isEmpty(fallback) ? '' : `\`${fallback}\``,
    allowed,
    meaning,
  ]);

  const written = rows.filter(([name]) => /^`[A-Z_]+`$/.test(`${name}`));
  expect(written).toEqual([environment, ...table]);
});

it('says what the tenant of every preset is', () => {
  const table = [...knownProviders, ...frontDoors].map(({ name, tenant }) => [
    `\`${name}\``,
    tenant.allowed,
  ]);

  expect(rows.filter(([name]) => /^`[a-z0-9-]+`$/.test(`${name}`))).toEqual(table);
});

it('has every secret backend, with its package and its references', async () => {
  const table = secretBackends.map(({ name, scheme }) => [
    `\`SECRET_BACKEND=${name}\``,
    expect.stringMatching(/^`@sallyport\/secrets-[a-z]+`$/),
    expect.stringContaining(`\`${scheme}://`),
  ]);

  const written = rows.filter(([name]) => name?.startsWith('`SECRET_BACKEND='));
  expect(written).toEqual([['`SECRET_BACKEND=env`', '', ''], ...table]);
});

function isEmpty(fallback: unknown): boolean {
  return (
    fallback === undefined ||
    (Object.keys(Object(fallback)).length === 0 && typeof fallback === 'object')
  );
}
