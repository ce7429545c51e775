import { readFile } from 'node:fs/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, it } from 'vitest';
import { answer, expired, good, rotated, status } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(answer.searchParams.get('code')).toEqual(expect.any(String));
  expect(decodeJwt(good)).toMatchObject({ scope: 'notes:read', sub: 'ada' });
  expect(decodeJwt(expired).exp).toBeLessThan(Date.now() / 1_000);
  expect(decodeProtectedHeader(rotated).kid).not.toBe(decodeProtectedHeader(good).kid);
  expect(status).toBe(503);
});

it('shows the example that is run here', async () => {
  const read = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');

  expect(await read('../README.md')).toContain(`\`\`\`ts\n${await read('./readme.ts')}\`\`\``);
});
