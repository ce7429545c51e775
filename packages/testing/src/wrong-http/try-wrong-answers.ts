/** Shows every wrong answer to a client, in a process that may end over one of them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { WrongHttpAnswers } from './answer.ts';
import { usable } from './report-wrong-answers.ts';
import { startWrongHttpServer } from './start-wrong-http-server.ts';

/** Options for {@link tryWrongHttpAnswers}. */
export interface WrongHttpTrial {
  /** A module that calls `reportWrongHttpAnswers`. It becomes the main module of a process. */
  readonly module: URL;
  readonly answers: WrongHttpAnswers;
  /** The JSON body of a correct answer. */
  readonly good: string;
  /** For the module: a token, or which kind of client to make. Default none. */
  readonly about?: string;
  /** What clients report when there is no answer to use. */
  readonly unavailable: readonly string[];
}

/** What became of all answers. */
export interface WrongHttpResult {
  /** How many answers were tried. */
  readonly tried: number;
  /** How many of those that are usable were used. */
  readonly used: number;
  /**
   * A line for each answer that was taken for something else, and for each client that had no good
   * answer within 5 seconds of the revival.
   */
  readonly mistakes: readonly string[];
  /** What the process wrote: nothing, unless something is wrong. */
  readonly output: string;
  /** The exit code, and the signal that ended the process. */
  readonly exit: readonly [code: number | null, signal: string | null];
}

// 100 ms apart: 5 seconds, unless the machine is busy.
const recoveryAsks = 50;

/**
 * Starts a wrong server for each answer, and one process whose clients ask them. Then the servers are
 * revived, and each client asks until it has a good answer.
 *
 * The process ends at an unhandled rejection or exception, as Node.js has it: `exit` shows it.
 */
export async function tryWrongHttpAnswers(trial: WrongHttpTrial): Promise<WrongHttpResult> {
  const { module, answers, good, about = '', unavailable } = trial;
  const servers = await Promise.all(
    Object.values(answers).map((answer) => startWrongHttpServer({ answer, good })),
  );
  const urls = Object.values(answers).map(
    ({ isUsable = false }, index) => `${servers[index]?.url}${isUsable ? usable : ''}`,
  );
  const child = fork(module, [about, ...urls], {
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      output += text;
    });
  }
  try {
    const first = await nextMessage<string>(child, exited);
    for (const server of servers) server.revive();
    if (child.connected) child.send('revived');
    const second = await nextMessage<Recovery>(child, exited);
    const mistakes: string[] = [];
    let used = 0;
    for (const [index, [name, { isUsable = false }]] of Object.entries(answers).entries()) {
      const outcome = first[index] ?? processEnded.revived;
      if (isUsable && outcome === 'good') used += 1;
      else if (!unavailable.includes(outcome)) mistakes.push(`${name}: ${outcome}`);
      const { revived, asks } = second[index] ?? processEnded;
      if (revived !== 'good') mistakes.push(`${name}, revived: ${revived}`);
      else if (asks > recoveryAsks) mistakes.push(`${name}: good at attempt ${asks}`);
    }
    return { tried: urls.length, used, mistakes, output, exit: await exited };
  } finally {
    child.kill();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

interface Recovery {
  readonly revived: string;
  readonly asks: number;
}

const processEnded: Recovery = { revived: 'the process ended', asks: 0 };

/** Empty if the process ended. */
async function nextMessage<Item>(
  child: ChildProcess,
  exited: Promise<unknown>,
): Promise<readonly Item[]> {
  const message = once(child, 'message').then(([items]) => items as readonly Item[]);
  return Promise.race([message, exited.then(() => [])]);
}
