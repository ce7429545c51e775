/** `sallyport keys` (KEY-01). */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sallyport/core';
import { createApiKeyVerifier, createFileKeyStore } from '@sallyport/verifier-api-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, settings } from './command.ts';

const secret = 'q8Zt1-LmV5xR_c3Nw9JdKs0PyB7hTgUe2Xb4';
const resource = 'http://localhost:8000/mcp';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server with its own file of keys. */
function server(name: string, changes: Readonly<Record<string, string | undefined>> = {}) {
  const path = join(folder, `${name}.json`);
  const given = { TYPE: 'api-key', API_KEY_FILE: path, API_KEY_SECRET: secret, ...changes };
  const variables = { ...settings(given), NO_COLOR: '1' };
  const keys = (words: readonly string[], rest: object = {}) =>
    command(['keys', ...words], { variables, ...rest });
  const verifier = () =>
    createApiKeyVerifier({
      resource,
      secret: new Secret(secret),
      store: createFileKeyStore({ path }),
    });
  const accepts = async (key: string) => {
    const context = { nowSeconds: Date.now() / 1_000, signal: new AbortController().signal };
    return verifier()
      .verify(key, { ...context, allowRemote: true })
      .then(
        ({ subject }) => subject,
        (error) => error.code,
      );
  };
  return { path, keys, accepts };
}

describe('keys', () => {
  it('KEY-01: makes a key that the server accepts, and prints it once', async () => {
    const { path, keys, accepts } = server('create');
    const words = ['create', '--owner', 'ci@example.com', '--scope', 'read:data write:data'];
    const { code, output, errors } = await keys(words);

    expect({ code, accepted: await accepts(output) }).toEqual({
      code: 0,
      accepted: 'ci@example.com',
    });
    expect(output).toMatch(/^sallyport_[0-9A-Za-z]{49}$/);
    expect(errors).toContain('This is the only copy: it is not shown again.');
    expect(errors).toMatch(/owner +ci@example.com\n +scopes +read:data write:data/);
    const { mode } = await stat(path);
    expect(mode & 0o777).toBe(0o600);
    const listed = await keys(['list']);
    const json = await keys(['list', '--json']);
    for (const text of [errors, listed.output, json.output, await readFile(path, 'utf8')]) {
      expect(text).not.toContain(output.slice(10, 22));
    }
    expect(JSON.parse(json.output)).toMatchObject({
      keys: [{ status: 'active', owner: 'ci@example.com', scopes: ['read:data', 'write:data'] }],
    });
  });

  it('shows a person the key, and what to do with it', async () => {
    const { keys } = server('person');
    const { output, errors } = await keys(['create', '--owner', 'me'], { isTerminal: true });

    expect(errors).toBe('');
    expect(output).toMatch(/\nsallyport_\w{49}\n/);
    expect(output).toContain('send it as "Authorization: Bearer <key>" or as "X-API-Key:');
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('KEY-01: rotates a key with an overlap, and revokes one by its id and one by itself', async () => {
    const { keys, accepts } = server('rotate');
    const old = JSON.parse((await keys(['create', '--owner', 'ci', '--json'])).output);
    const words = ['rotate', old.id, '--overlap', '60', '--days', '7', '--json'];
    const next = JSON.parse((await keys(words)).output);
    const during = [await accepts(old.key), await accepts(next.key)];
    const revoked = await keys(['revoke', old.id]);
    const lost = await keys(['revoke', '--json'], { input: `X-API-Key: ${next.key}\n` });

    expect(next.expiresAt - next.createdAt).toBe(7 * 86_400);
    expect(during).toEqual(['ci', 'ci']);
    expect(revoked.output).toContain(
      `The key ${old.id} is revoked. Every instance refuses it within 5`,
    );
    expect(JSON.parse(lost.output)).toEqual({ ok: true, id: next.id, status: 'revoked' });
    expect([await accepts(old.key), await accepts(next.key)]).toEqual(
      Array(2).fill('token_inactive'),
    );
    expect((await keys(['list'])).output.match(/ revoked\n/g)).toHaveLength(2);
  });

  it.each<[string, readonly string[], number, string]>([
    ['no owner', ['create'], 2, '--owner'],
    ['an owner that cannot be one', ['create', '--owner', ' '], 2, '--owner must be 1 to 200'],
    ['a scope that is none', ['create', '--owner', 'a', '--scope', 'a"b'], 2, '--scope '],
    ['too many days', ['create', '--owner', 'a', '--days', '367'], 2, '--days must be'],
    [
      'days that are no number',
      ['create', '--owner', 'a', '--days', 'x'],
      2,
      '--days must be a whole',
    ],
    ['an unknown id', ['revoke', '0123456789ab'], 1, 'There is no key 0123456789ab'],
    ['an unknown id to rotate', ['rotate', '0123456789ab'], 1, 'There is no key 0123456789ab'],
    [
      'a key among the arguments',
      ['revoke', 'sallyport_x'],
      2,
      'Pipe it: pbpaste | sallyport keys revoke',
    ],
    ['an unknown command', ['remove'], 2, 'unknown command'],
  ])('refuses %s', async (_what, words, code, problem) => {
    const { keys } = server('refusals');
    const ended = await keys(words);

    expect({ code: ended.code, output: ended.output }).toEqual({ code, output: '' });
    expect(ended.errors.replaceAll('\n', ' ')).toContain(problem);
  });

  it('says what is wrong with the settings, with a store that is broken, and with a lost key', async () => {
    const without = await server('x', {
      API_KEY_FILE: undefined,
      API_KEY_SECRET: undefined,
      TYPE: 'static',
    }).keys(['list']);
    const short = await server('x', { API_KEY_SECRET: 'short' }).keys(['list', '--json']);
    const { path, keys } = server('broken');
    await writeFile(path, '{');
    const broken = await keys(['list']);
    const unknown = await server('unknown').keys(['revoke'], { input: 'sallyport_x' });
    const redis = { API_KEY_FILE: undefined, API_KEY_REDIS_URL: 'redis://127.0.0.1:1' };
    const away = await server('x', redis).keys(['create', '--owner', 'a']);

    expect(without.code).toBe(78);
    expect(without.errors).toContain('FASTMCP_SERVER_AUTH_API_KEY_FILE');
    expect(short.code).toBe(78);
    expect(JSON.parse(short.output)).toMatchObject({ ok: false });
    expect([broken.code, broken.errors]).toEqual([1, expect.stringContaining('is no JSON')]);
    expect([unknown.code, unknown.errors]).toEqual([
      1,
      expect.stringContaining('no record of the key'),
    ]);
    expect([away.code, away.output]).toEqual([1, '']);
    expect(away.errors).toContain('Redis failed (connection)');
  });

  it('KEY-01: is explained, and tried by doctor', async () => {
    const { keys, path } = server('explained');
    const { id, key } = JSON.parse((await keys(['create', '--owner', 'ci', '--json'])).output);
    const given = { TYPE: 'api-key', API_KEY_FILE: path, API_KEY_SECRET: secret };
    const explain = async (token: string, changes = {}) => {
      const variables = settings({ ...given, ...changes });
      const { output } = await command(['explain', '--json'], { input: token, variables });
      return JSON.parse(output);
    };
    const accepted = await explain(key);
    await keys(['revoke', id]);
    const revoked = await explain(`X-API-Key: ${key}`);
    const other = await explain('opaque');
    const none = await explain(key, {
      TYPE: 'static',
      API_KEY_FILE: undefined,
      API_KEY_SECRET: undefined,
    });
    const doctor = await command(['doctor', '--json'], { variables: settings(given) });
    await writeFile(path, '{');
    const broken = await explain(key);
    const ill = await command(['doctor', '--json'], { variables: settings(given) });

    expect(accepted).toMatchObject({
      accepted: true,
      steps: [{ name: 'key', summary: `${id} of ci` }, {}],
    });
    expect(revoked).toMatchObject({ accepted: false, firstBroken: 'key', owner: 'the client' });
    expect(revoked.steps[0].summary).toBe(`API key ${id}: revoked`);
    expect(other.steps[0].summary).toContain('begin with sallyport_');
    expect(none).toMatchObject({ accepted: false, owner: 'this server' });
    expect(broken).toMatchObject({ firstBroken: 'store', owner: 'this server' });
    expect(doctor.output).toContain('0 of 1 can be used');
    expect([doctor.code, ill.code]).toEqual([0, 1]);
    expect(ill.output).toContain('is no JSON');
  });

  it('says that there are none yet, and explains itself', async () => {
    const { output } = await server('none').keys(['list']);
    const help = await command(['keys', '--help']);

    expect(output).toContain('There are no API keys.');
    expect(output).toContain('sallyport keys create --owner');
    expect(help.output).toMatch(/create.*list.*revoke.*rotate/s);
    expect(help.code).toBe(0);
  });
});
