/** Switches of Node, in every spelling: real processes say what Node makes of each. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readNodeFlags } from '../src/process/node-flags.ts';
import { problemsOf } from './set-up.ts';

// Sources of other packages, without a build.
const sources = '--conditions=development';
const program = fileURLToPath(new URL('node-run.ts', import.meta.url));

// Each process would compile the same sources again, which takes most of its time.
const compiled = mkdtempSync(join(tmpdir(), 'compiled-'));
afterAll(() => rmSync(compiled, { recursive: true }));

interface Said {
  readonly problem: string;
  readonly isHazardous: Readonly<Record<'inspector' | 'parser' | 'tls', boolean>>;
}

function start(
  nodeOptions: string,
  nodeArguments: readonly string[] = [],
  ...asked: readonly string[]
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [sources, ...nodeArguments, program, ...asked], {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: compiled,
        ...(nodeOptions !== '' && { NODE_OPTIONS: nodeOptions }),
      },
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      complaint += data;
    });
    child.once('close', () =>
      output === '' ? reject(new Error(complaint)) : resolve(JSON.parse(output)),
    );
  });
}

const hazards: readonly (readonly [
  options: string,
  nodeArguments: readonly string[],
  hazard: keyof Said['isHazardous'],
])[] = [
  ['--inspect=127.0.0.1:0', [], 'inspector'],
  ['"--inspect=127.0.0.1:0"', [], 'inspector'],
  ['"--insp\\ect=127.0.0.1:0"', [], 'inspector'],
  ['--ins"pect=127.0.0.1:0"', [], 'inspector'],
  ['', ['--inspect=127.0.0.1:0'], 'inspector'],
  ['--insecure-http-parser', [], 'parser'],
  ['--insecure_http_parser', [], 'parser'],
  ['--insecure-http_parser', [], 'parser'],
  ['--no-insecure-http-parser --insecure-http-parser', [], 'parser'],
  ['--no-insecure-http-parser', ['--insecure_http_parser'], 'parser'],
  ['--tls-min-v1.0', [], 'tls'],
  ['--tls_min_v1.1', [], 'tls'],
];
const harmless: readonly (readonly [options: string, nodeArguments: readonly string[]])[] = [
  ['--no-insecure-http-parser', []],
  ['--insecure-http-parser', ['--no-insecure-http-parser']],
  ['--insecure-http-parser --no-insecure-http-parser', []],
  ['--inspect-publish-uid=http', []],
  ['--no-inspect --max-old-space-size=200', []],
];

describe('a switch of Node', () => {
  it.each(hazards)(
    'CASE-63: NODE_OPTIONS=%s with %o has the hazard, and does not start',
    async (options, nodeArguments, hazard) => {
      const { problem, isHazardous } = await start(options, nodeArguments);

      expect(isHazardous[hazard]).toBe(true);
      expect(problem).toContain('NODE_OPTIONS: must not have');
    },
  );

  it.each(harmless)(
    'CASE-63: NODE_OPTIONS=%s with %o has no hazard, and starts',
    async (options, nodeArguments) => {
      expect(await start(options, nodeArguments)).toEqual({
        problem: '',
        isHazardous: { inspector: false, parser: false, tls: false },
      });
    },
  );

  it('CASE-63: a hazard that only the process itself tells stops loadConfig', async () => {
    const open = 'import inspector from "node:inspector"; inspector.open(0, "127.0.0.1");';
    const nodeArguments = ['--import', `data:text/javascript,${open}`];
    const { problem, isHazardous } = await start('', nodeArguments, 'loadConfig');

    expect(isHazardous.inspector).toBe(true);
    expect(problem).toContain('NODE_OPTIONS: must not have --inspect');
  });

  it.each([
    ['--inspect=127.0.0.1:0', '--inspect'],
    ['--insecure-http-parser', '--insecure-http-parser'],
    ['--tls-min-v1.0', '--tls-min-v1.0'],
  ])(
    'CASE-63: the process tells %s without its variables and arguments',
    async (options, named) => {
      expect((await start(options, [], 'state')).problem).toContain(`must not have ${named}`);
    },
  );

  it.each([
    '--inspect-port=0.0.0.0:9229',
    '--debug-port=9229',
    '--inspect_wait',
    '--tls-keylog=keys.log',
    '--tls_keylog=keys.log',
  ])('CASE-63: NODE_OPTIONS=%s is refused', async (NODE_OPTIONS) => {
    expect(await problemsOf({ NODE_OPTIONS })).toEqual([
      expect.stringContaining('NODE_OPTIONS: must not have'),
    ]);
  });

  it('CASE-63: a flag that is set to false is off', () => {
    expect(readNodeFlags('--insecure-http-parser=false', []).get('insecure-http-parser')).toBe(
      false,
    );
  });

  it.each([
    ['--inspect_brk', 'inspect-brk'],
    ['--inspect-wait=0.0.0.0:9229', 'inspect-wait'],
    ['"--inspect_port=0.0.0.0:9229"', 'inspect-port'],
    ['--debug-port=0.0.0.0:9229', 'debug-port'],
    ['--tls-keylog="a file"', 'tls-keylog'],
    ['--insecure-http-parser=true', 'insecure-http-parser'],
  ])('CASE-63: %s is read as Node reads it, without a process that would wait', (options, name) => {
    expect(readNodeFlags(options, []).get(name)).toBe(true);
  });
});
