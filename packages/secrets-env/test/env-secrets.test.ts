import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describeSecretProvider } from '@sallyport/contract-tests';
import { detectEnvironment } from '@sallyport/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEnvSecrets, type EnvSecretsEvent, readEnvFile } from '../src/index.ts';

const value = 'kX3vQ9mZrT7bW2pLdF5h';
const development = { ENVIRONMENT: 'development' };
const context = { signal: new AbortController().signal };

/** A file that is there until the test ends. */
function write(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.env');
  writeFileSync(path, content);
  return path;
}

function setUp(variables: Record<string, string | undefined>, envFile?: string, platform = {}) {
  const events: EnvSecretsEvent[] = [];
  const secrets = createEnvSecrets({
    variables,
    environment: detectEnvironment({ ...development, ...platform }),
    ...(envFile !== undefined && { envFile }),
    onEvent: (event) => events.push(event),
  });
  const read = async (name: string) => {
    const lookup = await secrets.get(name, context);
    return lookup.found ? [lookup.secret.reveal(), lookup.version] : undefined;
  };
  return { secrets, events, read };
}

describe('variables', () => {
  describeSecretProvider({
    create: () => setUp({ SIGNING_KEY: value }).secrets,
    createWithOutage: 'has no upstream',
    present: { name: 'SIGNING_KEY', value },
    absentName: 'NOWHERE',
  });
});

describe('a file', () => {
  describeSecretProvider({
    create: () => setUp({}, write(`SIGNING_KEY=${value}\n`)).secrets,
    createWithOutage: 'has no upstream',
    present: { name: 'SIGNING_KEY', value },
    absentName: 'NOWHERE',
  });
});

describe('createEnvSecrets', () => {
  it('takes the file for what the environment lacks, and says where a value is from', async () => {
    const path = write(`BOTH=file\nFILE="a b"\n`);
    const { read } = setUp({ BOTH: 'environment', ONLY: 'x' }, path);

    expect(await read('BOTH')).toEqual(['environment', 'environment']);
    expect(await read('ONLY')).toEqual(['x', 'environment']);
    expect(await read('FILE')).toEqual(['a b', path]);
  });

  it.each(['', ' ', '\n', '\t\r\n'])('takes %j for no value (CFG-08)', async (blank) => {
    const { read } = setUp({ BLANK: blank, FILLED: blank }, write('FILLED=x\nBLANK=\n'));

    expect(await read('BLANK')).toBeUndefined();
    expect((await read('FILLED'))?.[0]).toBe('x');
  });

  it('takes only own and present variables', async () => {
    const { read } = setUp({ GONE: undefined } as never);

    expect(await read('GONE')).toBeUndefined();
    expect(await read('toString')).toBeUndefined();
  });

  it('OPS-12: refuses variables that inherit others, which it would not find', () => {
    const inheriting = Object.create({ INHERITED: 'x' }) as Record<string, string>;

    expect(() => setUp(inheriting)).toThrow('env.variables: must be a plain object');
  });

  it('does not see what becomes of the variables', async () => {
    const variables: Record<string, string> = { NAME: 'before' };
    const { read } = setUp(variables);
    variables['NAME'] = 'after';

    expect((await read('NAME'))?.[0]).toBe('before');
  });

  it.each([
    ['\n', 20],
    ['\r\n', 20],
  ])('strips one %j at the end, and says so once (SEC-11)', async (end, usedBytes) => {
    const { read, events } = setUp({ KEY: value + end, TWO: `x\n${end}`, BARE: 'x' });

    expect(await read('KEY')).toEqual([value, 'environment']);
    expect(await read('KEY')).toEqual([value, 'environment']);
    expect((await read('TWO'))?.[0]).toBe('x\n');
    await read('BARE');
    const event = { type: 'secret_trailing_newline', version: 'environment' };
    expect(events).toEqual([
      { ...event, name: 'KEY', storedBytes: usedBytes + end.length, usedBytes },
      { ...event, name: 'TWO', storedBytes: 2 + end.length, usedBytes: 2 },
    ]);
    expect(inspect(events)).not.toContain(value);
  });

  it('keeps all other white space and marks: whether they fit is not its business (SEC-11)', async () => {
    const { read } = setUp({ SPACES: ' x ', MARK: '\uFEFFx', RETURN: 'x\r' });

    expect((await read('SPACES'))?.[0]).toBe(' x ');
    expect((await read('MARK'))?.[0]).toBe('\uFEFFx');
    expect((await read('RETURN'))?.[0]).toBe('x\r');
  });

  it.each(['a-b', '1A', 'A=B', 'A B', 'A\n', 'a'.repeat(256)])(
    'has no variable called %j (SEC-18)',
    async (name) => {
      const { secrets } = setUp({ [name]: value });

      await expect(secrets.get(name, context)).rejects.toMatchObject({
        name: 'ConfigError',
        option: 'env.name',
      });
    },
  );

  it('goes on when nobody can be told', async () => {
    const secrets = createEnvSecrets({
      variables: { KEY: 'x\n' },
      environment: detectEnvironment(development),
      onEvent: () => {
        throw new Error('the log is full');
      },
    });

    expect(await secrets.get('KEY', context)).toMatchObject({ found: true });
  });
});

describe('a .env file', () => {
  it.each([
    ['ENVIRONMENT is production', { ENVIRONMENT: 'production' }],
    ['the platform is Cloud Run', { K_SERVICE: 'mcp' }],
  ])('is not read when %s, even if it is broken (CFG-03, CFG-18)', async (_case, platform) => {
    const path = write(Buffer.from([0xff]));
    const { read, events } = setUp({}, path, platform);

    expect(await read('NAME')).toBeUndefined();
    expect(events).toEqual([{ type: 'env_file_ignored', path }]);
  });

  it('need not be there', async () => {
    expect(await setUp({}, '/nowhere/.env').read('NAME')).toBeUndefined();
  });

  it.each([
    ['a folder', () => tmpdir(), 'regular file'],
    ['no UTF-8', () => write(Buffer.from([0x41, 0x3d, 0xff])), 'UTF-8'],
  ])('stops the start when it is %s', (_case, path, problem) => {
    expect(() => setUp({}, path())).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        option: 'env.envFile',
        message: expect.stringContaining(problem),
      }),
    );
  });

  it('may have comments, quotes, several lines, Windows line ends and a byte order mark', () => {
    const path = write(
      `\uFEFFFIRST=1\r\n# comment\r\nexport SECOND='a#b' # comment\r\nPEM="-----BEGIN\nx\n-----END"\n\nURL=https://a.example/?b=c\n`,
    );

    expect({ ...readEnvFile(path) }).toEqual({
      FIRST: '1',
      SECOND: 'a#b',
      PEM: '-----BEGIN\nx\n-----END',
      URL: 'https://a.example/?b=c',
    });
  });

  it('adds nothing to what objects inherit (CFG-14)', () => {
    const read = readEnvFile(write('__proto__=polluted\nconstructor=own\nNAME=x\n'));

    expect(Object.getPrototypeOf(read)).toBeNull();
    expect(read['NAME']).toBe('x');
    expect(Object.hasOwn(Object.prototype, 'NAME')).toBe(false);
  });
});

describe('README', () => {
  it('shows what it says', async () => {
    const { present, absent, events } = await import('./readme.ts');

    expect(present).toMatchObject({ found: true, version: 'environment' });
    expect(absent).toEqual({ found: false });
    expect(events).toEqual([]);
  });
});
