/** CASE-07: the digests that are shipped, and the tool that makes them. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  publishedDigestLength,
  publishedDigests,
} from '../../../src/keys/hmac/strength/published-digests.ts';
import { isPublishedSecret } from '../../../src/keys/hmac/strength/published-secrets.ts';
import { digestSecrets, writeSource } from '../../../tools/digest-published-secrets.ts';
import { publishedSecrets } from './published-secrets.ts';

const own = readFileSync(new URL('../../../tools/published-digests.txt', import.meta.url), 'utf8');

describe('CASE-07: the shipped digests', () => {
  const records = publishedDigests.match(new RegExp(`.{${publishedDigestLength}}`, 'g')) ?? [];

  it('are sorted and unique, which the binary search relies on', () => {
    expect(records).toEqual([...new Set(records)].sort());
    expect(records.join('')).toBe(publishedDigests);
  });

  it('hold the public list besides the digests of this repository', () => {
    const ours = digestSecrets([own]).match(new RegExp(`.{${publishedDigestLength}}`, 'g')) ?? [];

    expect(records).toEqual(expect.arrayContaining(ours));
    expect(records.length - ours.length).toBeGreaterThan(1_800);
    expect(publishedDigests.length).toBeLessThan(20_000);
  });

  it('hold every secret of the tests', () => {
    for (const secret of publishedSecrets)
      expect(isPublishedSecret(Buffer.from(secret))).toBe(true);
  });
});

describe('CASE-07: the tool', () => {
  it('reads lists of secrets and of digests, and repeats no secret', () => {
    const secret = 'k'.repeat(24);
    const digests = digestSecrets([
      `${secret}\r\n too short \n`,
      '# a comment of some length, too',
    ]);

    expect(digests).toHaveLength(publishedDigestLength);
    expect(digestSecrets([`${secret}\n${secret}`])).toBe(digests);
    expect(writeSource(digests)).toContain(digests);
    expect(writeSource(digests)).not.toContain(secret);
  });

  it('writes the source file from the paths of lists', () => {
    const folder = mkdtempSync(join(tmpdir(), 'published-secrets-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'src/keys/hmac/strength'), { recursive: true });
    cpSync(new URL('../../../tools', import.meta.url), join(folder, 'tools'), { recursive: true });
    const tool = join(folder, 'tools/digest-published-secrets.ts');
    writeFileSync(join(folder, 'list.txt'), `${publishedSecrets.join('\n')}\n`);

    const output = execFileSync(execPath, [tool, join(folder, 'list.txt')], { encoding: 'utf8' });

    expect(output).toMatch(/^\d+ digests\n$/);
    const source = readFileSync(
      join(folder, 'src/keys/hmac/strength/published-digests.ts'),
      'utf8',
    );
    expect(source).toBe(writeSource(digestSecrets([publishedSecrets.join('\n')])));
  });
});
