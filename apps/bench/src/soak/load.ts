/** Sends requests at a steady rate, however long the answers take. */
import { Agent, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Caller, type Message, validName } from './callers.ts';
import type { Target } from './targets.ts';

/** Whether floods were under way. */
type Phase = 'quiet' | 'flood';

export interface LoadResult {
  /** How often each caller got each answer. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** How late this process was, at the 99th percentile, in milliseconds: it says whether the machine keeps up. */
  readonly lateMs: number;
  /** Of valid callers, in milliseconds. */
  readonly latencies: Readonly<Record<Phase, readonly number[]>>;
}

export interface LoadOptions {
  readonly targets: readonly Target[];
  readonly valid: Caller;
  readonly floods: readonly Caller[];
  /** Requests per second while there are floods. */
  readonly rate: number;
  /** How long each phase lasts. */
  readonly phaseSeconds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly onProgress: (elapsedSeconds: number, phase: Phase) => void;
}

const validShare = 0.9;
const longestMs = 60_000;
const stepMs = 5;
/** Latencies at the beginning of a phase belong to both. */
const settleMs = 500;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { targets, valid, floods, rate, phaseSeconds, warmUpSeconds, seconds } = options;
  const agents = { quiet: new Agent({ keepAlive: true }), flood: new Agent({ keepAlive: true }) };
  const answers = new Map<string, Map<string, number>>();
  const latencies: Record<Phase, number[]> = { quiet: [], flood: [] };
  const underWay = new Set<Promise<void>>();
  const delay = monitorEventLoopDelay({ resolution: stepMs });
  delay.enable();
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const phaseAt = (ms: number): Phase =>
    Math.floor(ms / 1_000 / phaseSeconds) % 2 === 0 ? 'quiet' : 'flood';
  let sent = 0;

  async function sendOne(caller: Caller): Promise<void> {
    const reachable = targets.filter(
      ({ kind }) => caller.only === undefined || kind === caller.only,
    );
    const target = reachable[sent++ % reachable.length] as Target;
    const isValid = caller.name === validName;
    const beganAt = elapsed();
    const answer = await send(
      target,
      caller.message(target),
      isValid ? agents.quiet : agents.flood,
    );
    const endedAt = elapsed();
    const own = answers.get(caller.name) ?? new Map<string, number>();
    answers.set(caller.name, own.set(answer, (own.get(answer) ?? 0) + 1));
    const phase = phaseAt(beganAt);
    const isSettled =
      beganAt > warmUpSeconds * 1_000 &&
      beganAt % (phaseSeconds * 1_000) > settleMs &&
      phaseAt(endedAt) === phase;
    if (isValid && isSettled) latencies[phase].push(endedAt - beganAt);
  }

  function begin(caller: Caller): void {
    const one = sendOne(caller);
    underWay.add(one);
    void one.finally(() => underWay.delete(one));
  }

  let validDue = 0;
  let floodDue = 0;
  let nextFlood = 0;
  for (let last = elapsed(); last < seconds * 1_000; ) {
    await sleep(stepMs);
    const now = elapsed();
    const phase = phaseAt(now);
    const due = ((now - last) / 1_000) * rate;
    last = now;
    options.onProgress(now / 1_000, phase);
    // Quiet phases have the same valid traffic.
    validDue += due * validShare;
    if (phase === 'flood') floodDue += due * (1 - validShare);
    for (; validDue >= 1; validDue -= 1) begin(valid);
    for (; floodDue >= 1; floodDue -= 1) begin(floods[nextFlood++ % floods.length] as Caller);
  }
  await Promise.all(underWay);
  agents.quiet.destroy();
  agents.flood.destroy();
  delay.disable();
  return { answers, latencies, lateMs: delay.percentile(99) / 1e6 - stepMs };
}

/** @returns The status; `cut` without one, `late` after a minute, `wrong body` for the answer to somebody else. */
function send(target: Target, message: Message, agent: Agent): Promise<string> {
  const { port } = target;
  const { path, headers, body, includes } = message;
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent });
    sent.setTimeout(longestMs, () => sent.destroy(new Error('late')));
    sent.on('error', ({ message: text }) => {
      // The server may close an idle connection at the moment that the client uses it (RFC 9112 §9.3.1).
      if (sent.reusedSocket && text !== 'late') resolve(send(target, message, new Agent()));
      else resolve(text === 'late' ? 'late' : 'cut');
    });
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', () => resolve('cut'));
      response.on('end', () => {
        const isOwn = includes === undefined || text.includes(includes);
        resolve(response.statusCode === 200 && !isOwn ? 'wrong body' : `${response.statusCode}`);
      });
    });
    sent.end(body);
  });
}
