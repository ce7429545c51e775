/**
 * A container without an engine: a root of its own that is mounted read-only, a user without rights, and the files that
 * the image has. Linux and root only.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

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

/** The user `nonroot` of the image. */
export const nonroot = 65_532;

/** The files of an image, in a folder. */
export interface Image {
  /** Runs a program with `root` as its root. It cannot write anywhere. */
  run(
    words: readonly string[],
    variables?: Readonly<Record<string, string>>,
  ): { readonly child: ChildProcess; readonly exit: Promise<number>; output(): string };
  readonly root: string;
  remove(): void;
}

/**
 * Builds the files by the steps of the Dockerfile.
 *
 * @param folders Folders of this machine that the base image has: the C library, or a whole Debian for Python.
 */
export function buildImage(folders: readonly string[]): Image {
  const root = mkdtempSync(join(tmpdir(), 'image-'));
  execFileSync('chmod', ['755', root]);
  const made = `${root}-made`;
  // The words of the Dockerfile.
  const words = ['--filter', 'sallyport', 'deploy', '--prod', '--no-optional', made];
  execFileSync('pnpm', words, { cwd: repository, stdio: 'pipe' });
  // What is in the image must not depend on where it was made.
  renameSync(made, join(root, 'sallyport'));
  mkdirSync(join(root, 'nodejs/bin'), { recursive: true });
  copyFileSync(realpathSync(process.execPath), join(root, 'nodejs/bin/node'));
  const mounted = [...folders, '/dev', '/proc'].filter((folder) => existsSync(folder));
  for (const folder of mounted) mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(root, dirname('/etc/hosts')), { recursive: true });
  copyFileSync('/etc/hosts', join(root, 'etc/hosts'));

  // Mounts end with the process that made them.
  const script = [
    'set -e',
    `mount --bind ${root} ${root}`,
    ...mounted.map((folder) => `mount --rbind ${folder} ${root}${folder}`),
    ...folders
      .filter((folder) => mounted.includes(folder))
      .map((folder) => `mount -o remount,ro,bind ${root}${folder}`),
    `mount -o remount,ro,bind ${root}`,
    `exec chroot --userspec=${nonroot}:${nonroot} ${root} "$@"`,
  ].join('\n');

  return {
    root,
    run(started, variables = {}) {
      const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...started], {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_ENV: 'production', ...variables },
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
