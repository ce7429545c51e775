/**
 * A container without an engine: a root of its own that is mounted read-only, a user without rights, and the files that
 * the image has. Linux and root only.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LastStage, type MadeFiles, readLastStage } from './dockerfile.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Whether this machine can make one. */
export const canMakeContainers: boolean =
  process.platform === 'linux' && process.getuid?.() === 0 && canUnshare();

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A program in a container. */
interface Started {
  readonly child: ChildProcess;
  readonly exit: Promise<number>;
  output(): string;
}

type Variables = Readonly<Record<string, string>>;

/** The files of an image, in a folder. */
export interface Image extends LastStage {
  readonly root: string;
  /** Runs a program with `root` as its root. It cannot write anywhere. */
  run(words: readonly string[], variables?: Variables): Started;
  remove(): void;
}

/** What {@link buildImage} needs besides the Dockerfile. */
export interface ImageOptions {
  /** Folders of this machine that the base image has: the C library, or a whole Debian for Python. */
  readonly folders: readonly string[];
  /** Files that only the test needs, such as `/etc/hosts`: their path and their text. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Takes the steps of the last stage of a Dockerfile. The bundle must be built.
 *
 * @param dockerfile Its path in the repository.
 */
export function buildImage(dockerfile: string, { folders, files = {} }: ImageOptions): Image {
  const stage = readLastStage(readFileSync(join(repository, dockerfile), 'utf8'));
  const mounted = [...folders, '/dev', '/proc'].filter((folder) => existsSync(folder));
  const root = makeRoot(stage.copies, mounted);
  const hosts = readFileSync('/etc/hosts', 'utf8');
  for (const [path, text] of Object.entries({ '/etc/hosts': hosts, ...files })) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  if (stage.made !== undefined) takeMadeFiles(stage.made, root, mounted);

  const script = [
    ...mountAll(root, mounted),
    ...folders
      .filter((folder) => mounted.includes(folder))
      .map((folder) => `mount -o remount,ro,bind ${root}${folder}`),
    `mount -o remount,ro,bind ${root}`,
    `exec chroot --userspec=${stage.user} ${root} "$@"`,
  ].join('\n');

  return {
    ...stage,
    root,
    run(started, variables = {}) {
      const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...started], {
        env: { ...stage.variables, ...variables, PATH: systemPath },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          output += text;
        });
      }
      const exit = once(child, 'close').then(([code]) => code as number);
      return { child, exit, output: () => output };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A root with files of the repository and Node.js, and with places for folders of this machine. */
function makeRoot(copies: LastStage['copies'], mounted: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'image-'));
  execFileSync('chmod', ['755', root]);
  for (const [from, to] of copies) {
    cpSync(join(repository, from), join(root, to), { recursive: true });
  }
  mkdirSync(join(root, 'nodejs/bin'), { recursive: true });
  copyFileSync(realpathSync(process.execPath), join(root, 'nodejs/bin/node'));
  for (const folder of mounted) mkdirSync(join(root, folder), { recursive: true });
  return root;
}

/** Runs the program of an earlier stage, which may write to `/tmp` there, and copies what it made. */
function takeMadeFiles(made: MadeFiles, root: string, mounted: readonly string[]): void {
  const stageRoot = makeRoot(made.copies, mounted);
  execFileSync('install', ['-d', '-m', '1777', join(stageRoot, 'tmp')]);
  const script = [
    ...mountAll(stageRoot, mounted),
    `exec chroot --userspec=${made.user} ${stageRoot} "$@"`,
  ].join('\n');
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', script, 'sh', ...made.words], {
      env: { PATH: systemPath },
    });
    const [from, to] = made.taken;
    cpSync(join(stageRoot, from), join(root, to), { recursive: true });
    execFileSync('chown', ['-R', '0:0', join(root, to)]);
  } finally {
    rmSync(stageRoot, { recursive: true, force: true });
  }
}

/** Mounts end with the process that made them. */
function mountAll(root: string, folders: readonly string[]): string[] {
  return [
    'set -e',
    `mount --bind ${root} ${root}`,
    ...folders.map((folder) => `mount --rbind ${folder} ${root}${folder}`),
  ];
}
