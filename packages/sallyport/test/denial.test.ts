import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, settings } from './command.ts';

const issuer = 'https://id.acme-corp.dev';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'denied-'));
});
afterAll(() => rm(folder, { recursive: true }));

const listIn = (name: string) => ({ FASTMCP_SERVER_AUTH_DENIAL_LIST: join(folder, name) });
const server = settings({
  TYPE: 'jwt',
  JWT_ISSUER: issuer,
  JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
  JWT_JWKS_URI: `${issuer}/jwks`,
});
const jsonOf = async (words: readonly string[], variables: Record<string, string | undefined>) => {
  const { code, output } = await command([...words, '--json'], { variables });
  return { code, ...JSON.parse(output) };
};

describe('deny, allow and denied', () => {
  it('DEN-07: deny and allow with the one variable that names the list', async () => {
    const variables = listIn('first.json');
    const bob = ['--subject', 'bob', '--issuer', issuer];
    const why = ['--reason', 'left the company'];
    expect(await jsonOf(['denied'], variables)).toEqual({
      code: 1,
      ok: false,
      problem: expect.stringMatching(/first\.json has no list: .*denied --create/),
    });
    expect(await jsonOf(['deny', ...bob, ...why], variables)).toMatchObject({ code: 1, ok: false });
    expect(await jsonOf(['denied', '--create'], variables)).toMatchObject({
      code: 0,
      created: true,
      denied: [],
    });
    expect(await jsonOf(['denied', '--create'], variables)).toMatchObject({ created: false });
    expect(await jsonOf(['deny', ...bob, ...why, '--for', '24h'], variables)).toMatchObject({
      code: 0,
      denied: { subject: 'bob', issuer, reason: 'left the company', until: expect.any(String) },
    });
    expect(await jsonOf(['denied'], variables)).toMatchObject({ denied: [{ subject: 'bob' }] });
    expect(await jsonOf(['allow', '--client', 'bob', '--issuer', issuer], variables)).toMatchObject(
      {
        code: 1,
        wasDenied: false,
      },
    );
    expect(await jsonOf(['allow', ...bob], variables)).toMatchObject({ code: 0, wasDenied: true });
    expect(await jsonOf(['denied'], variables)).toMatchObject({ denied: [] });
  });

  it('DEN-07: take the only issuer of the settings, and warn of one that they do not trust', async () => {
    const variables = { ...server, ...listIn('second.json') };
    await jsonOf(['denied', '--create'], variables);
    expect(await jsonOf(['deny', '--client', 'bot', '--reason', 'x'], variables)).toMatchObject({
      denied: { issuer, client: 'bot' },
    });
    const wrong = ['deny', '--subject', 'eve', '--issuer', `${issuer}/`, '--reason', 'x'];
    expect(await jsonOf(wrong, variables)).toMatchObject({
      code: 0,
      warning: expect.stringContaining('not this issuer'),
    });
    expect(await jsonOf(['deny', '--key', 'k1', '--reason', 'x'], variables)).toMatchObject({
      denied: { issuer: 'urn:sallyport:api-key', token: 'k1' },
    });
  });

  it('tell a person what is in force, without control characters', async () => {
    const name = 'third.json';
    const variables = { ...listIn(name), NO_COLOR: '1' };
    const entries = [
      { issuer, subject: 'bob\u001b[31m', reason: 'left\u202e', until: '2099-01-01' },
      { issuer: 'urn:sallyport:api-key', token: 'k1', reason: 'leaked' },
      { issuer, client: 'bot', reason: 'x', since: '2026-01-01' },
    ];
    await writeFile(join(folder, name), JSON.stringify({ version: 1, denied: entries }));
    const { output, code } = await command(['denied'], { variables });

    expect(code).toBe(0);
    expect(output).toContain('by hand, until 2099-01-01T00:00:00Z');
    expect(output).toContain('API key k1');
    expect(output).toContain('client bot of https://id.acme-corp.dev');
    for (const character of ['\u001b', '\u202e']) expect(output).not.toContain(character);
    const denying = await command(
      ['deny', '--token', 't1', '--issuer', issuer, '--reason', 'leaked'],
      { variables },
    );
    expect(denying.output).toContain('✓ Denied: token t1 of https://id.acme-corp.dev');
    expect(denying.output).toContain('within 5 seconds');
    const allowing = await command(['allow', '--key', 'k2'], { variables });
    expect(allowing.output).toContain('✗ Not denied: API key k2');
    expect((await command(['allow', '--key', 'k1'], { variables })).output).toContain('✓ Allowed');
  });

  it.each<[string, readonly string[], string]>([
    ['nobody', ['--reason', 'x'], 'Name exactly one'],
    ['two parties', ['--subject', 'a', '--client', 'b', '--reason', 'x'], 'Name exactly one'],
    ['an empty name', ['--subject', ' ', '--issuer', issuer, '--reason', 'x'], 'Name exactly one'],
    ['no reason', ['--subject', 'a', '--issuer', issuer], 'Say why with --reason'],
    ['no issuer', ['--subject', 'a', '--reason', 'x'], 'Name the issuer with --issuer'],
    ['an issuer of a key', ['--key', 'a', '--issuer', issuer, '--reason', 'x'], '--key needs no'],
    [
      'a whole token',
      ['--token', 'eyJhIjoxfQ.eyJhIjoxfQ.c2ln', '--issuer', issuer, '--reason', 'x'],
      'takes the id of a token',
    ],
    [
      'a whole API key',
      ['--key', `sallyport_${'a'.repeat(60)}`, '--reason', 'x'],
      'takes the id of a key',
    ],
    ['a duration without unit', ['--key', 'a', '--reason', 'x', '--for', '24'], '--for takes'],
    ['no time at all', ['--key', 'a', '--reason', 'x', '--for', '0h'], '--for takes'],
    ['a time of the past', ['--key', 'a', '--reason', 'x', '--until', '2001-01-01'], 'in the past'],
    ['a local time', ['--key', 'a', '--reason', 'x', '--until', '2099-01-01T10:00'], 'in UTC'],
    [
      'two ends',
      ['--key', 'a', '--reason', 'x', '--until', '2099-01-01', '--for', '1h'],
      'not both',
    ],
  ])('refuse to deny %s, and change nothing', async (_name, words, sentence) => {
    const path = join(folder, 'unchanged.json');
    await writeFile(path, '{"version":1,"denied":[]}');
    const { code, errors } = await command(['deny', '--file', path, ...words]);

    expect(errors).toContain(sentence);
    expect(code).toBe(2);
    expect(await readFile(path, 'utf8')).toBe('{"version":1,"denied":[]}');
  });

  it('say what is missing, damaged or away', async () => {
    const missing = await command(['denied'], { variables: server });
    expect(missing.errors.replace(/\s+/g, ' ')).toContain('is missing: set it to a file');
    expect(missing.code).toBe(78);
    await writeFile(join(folder, 'damaged.json'), '{"version":1,');
    const damaged = await command(['denied', '--file', 'damaged.json'], { folder });
    expect(damaged.errors).toContain('it is not JSON');
    expect(damaged.code).toBe(1);
    const away = await command(['denied'], {
      variables: { FASTMCP_SERVER_AUTH_DENIAL_LIST: 'redis://:hunter2hunter2@127.0.0.1:1' },
    });
    expect(away.errors).toContain('Redis, key sallyport:denial cannot be read or written');
    expect(away.errors + away.output).not.toContain('hunter2');
    expect(away.code).toBe(1);
  });
});
