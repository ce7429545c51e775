/**
 * Ends child processes when this process dies without a chance to do so itself, as by `kill -9`. A small
 * process reads the groups from its standard input. That input ends with this process, however it dies.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Which process groups must not outlive this process. */
export interface OrphanWatch {
  add(group: number): void;
  remove(group: number): void;
  /** Ends the watch. Groups that were not removed are ended. */
  close(): void;
}

/** A POSIX shell takes 1 MB of memory. It runs this text alone: nothing is interpolated. */
const shellScript = `trap '' HUP INT TERM QUIT
groups=' '
while read -r action group; do
  case "$action" in
    +) groups="$groups$group " ;;
    -) case "$groups" in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
[ "$groups" = ' ' ] && exit 0
for group in $groups; do kill -TERM "-$group"; done 2>/dev/null
sleep 1
for group in $groups; do kill -KILL "-$group"; done 2>/dev/null`;

/** For images that have no shell. It takes 40 MB. */
const nodeScript = `for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT']) process.on(name, () => {});
const groups = new Set();
const end = (signal) => {
  for (const group of groups) try { process.kill(-group, signal); } catch {}
};
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => groups[line[0] === '+' ? 'add' : 'delete'](Number(line.slice(2))))
  .on('close', () => {
    if (groups.size === 0) process.exit();
    end('SIGTERM');
    setTimeout(() => { end('SIGKILL'); process.exit(); }, 1_000);
  });`;

/** Options for {@link createOrphanWatch}. */
export interface OrphanWatchOptions {
  /** Called when the watching process cannot run. */
  readonly onFailure: (code: string) => void;
  /** Default: whether `/bin/sh` exists. */
  readonly hasShell?: boolean;
}

const shell = '/bin/sh';
const mostRestarts = 5;

/** Starts the watching process with the first group. */
export function createOrphanWatch({
  onFailure,
  hasShell = existsSync(shell),
}: OrphanWatchOptions): OrphanWatch {
  const groups = new Set<number>();
  let watcher: ChildProcess | undefined;
  let restarts = 0;
  let isClosed = false;

  function start(): ChildProcess {
    const [command, args] = hasShell
      ? [shell, ['-c', shellScript]]
      : [process.execPath, ['-e', nodeScript]];
    // In a session of its own, so that a signal to this process's group or terminal does not end it.
    const started = spawn(command, args, {
      detached: true,
      env: {},
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.unref();
    const { stdin } = started;
    // A socket in Node.js, which must not keep this process alive.
    (stdin as unknown as { unref?: () => void }).unref?.();
    stdin.on('error', () => {});
    const lose = (code: string) => {
      watcher = undefined;
      if (isClosed) return;
      onFailure(code);
      restarts += 1;
      if (restarts <= mostRestarts && groups.size > 0) watcher = start();
    };
    started.once('error', (error) => lose(String(Reflect.get(error, 'code'))));
    started.once('exit', () => lose('EXITED'));
    for (const group of groups) stdin.write(`+ ${group}\n`);
    return started;
  }

  return {
    add(group) {
      groups.add(group);
      if (watcher === undefined) watcher = start();
      else watcher.stdin?.write(`+ ${group}\n`);
    },
    remove(group) {
      if (groups.delete(group)) watcher?.stdin?.write(`- ${group}\n`);
    },
    close() {
      isClosed = true;
      watcher?.stdin?.end();
    },
  };
}
