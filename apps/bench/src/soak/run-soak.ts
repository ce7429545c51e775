import { setTimeout as sleep } from 'node:timers/promises';
import { createFloods, createValidCaller } from './callers.ts';
import { floodConnections } from './connections.ts';
import {
  type Check,
  judgeAnswers,
  judgeLatency,
  judgeMachine,
  judgeServer,
  type TimedSample,
} from './judge.ts';
import { runLoad } from './load.ts';
import type { SoakOptions } from './options.ts';
import { startSite, type Target } from './targets.ts';

export interface SoakResult {
  readonly seconds: number;
  readonly requests: number;
  readonly checks: readonly Check[];
  /** By the name of the server. */
  readonly samples: Readonly<Record<string, readonly TimedSample[]>>;
}

const phaseSeconds = 5;
const slowConnections = 24;
const droppedPerSecond = 15;
/** Caches fill and code is compiled in the first part of a run. */
const warmUpPart = 0.25;
const warmUpLimitSeconds = 90;
const sampleParts = 60;

/** @throws {Error} When a part does not start, or ends before the soak. */
export async function runSoak(
  { seconds, rate }: SoakOptions,
  onProgress: (what: string) => void,
): Promise<SoakResult> {
  onProgress('starting');
  const site = await startSite();
  const { targets, authorizationServer } = site;
  const over = new AbortController();
  const warmUpSeconds = Math.min(warmUpLimitSeconds, seconds * warmUpPart);
  let isStopped = false;
  try {
    const valid = await createValidCaller(authorizationServer);
    const floods = await createFloods(authorizationServer);
    const connections = floodConnections(
      targets,
      { slow: slowConnections, droppedPerSecond },
      over.signal,
    );
    const sampling = sampleAll(targets, Math.max(2, seconds / sampleParts), over.signal);
    const result = await runLoad({
      ...{ targets, valid, floods, rate, phaseSeconds, warmUpSeconds, seconds },
      onProgress: (elapsed, phase) =>
        onProgress(
          `${phase === 'flood' ? 'with floods' : 'valid traffic alone'}: round ${Math.floor(elapsed)} of ${seconds}`,
        ),
    });
    over.abort();
    const samples = await sampling;
    const { dropped, ended, tooLong } = await connections;
    isStopped = true;
    const wrongEnds = await site.stop();
    const answers = [...result.answers.values()].flatMap((own) => [...own.values()]);
    return {
      seconds,
      requests: answers.reduce((sum, count) => sum + count, 0),
      samples,
      checks: [
        ...judgeAnswers([valid, ...floods], result),
        {
          what: 'connections that were dropped in a request',
          found: `${dropped}`,
          limit: 'at least 1',
          isRight: dropped > 0,
        },
        {
          what: 'slow connections',
          found: `${ended} ended by the server, ${tooLong} open for too long`,
          limit: 'none open for too long',
          isRight: tooLong === 0,
        },
        judgeLatency(result),
        judgeMachine(result),
        ...Object.entries(samples).flatMap(([name, all]) =>
          judgeServer(
            name,
            all.filter(({ at }) => at >= warmUpSeconds),
          ),
        ),
        {
          what: 'servers end with exit code 0',
          found: wrongEnds.join(', ') || 'all of them',
          limit: 'all of them',
          isRight: wrongEnds.length === 0,
        },
      ],
    };
  } finally {
    over.abort();
    if (!isStopped) await site.stop();
  }
}

async function sampleAll(
  targets: readonly Target[],
  everySeconds: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, readonly TimedSample[]>>> {
  const samples = new Map(targets.map(({ name }) => [name, [] as TimedSample[]]));
  const startedAt = performance.now();
  while (!signal.aborted) {
    for (const target of targets) {
      const sample = await target.sample();
      samples.get(target.name)?.push({ at: (performance.now() - startedAt) / 1_000, ...sample });
    }
    await sleep(everySeconds * 1_000, undefined, { signal }).catch(() => {});
  }
  return Object.fromEntries(samples);
}
