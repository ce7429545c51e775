import { hasRedis, startRedis } from '@sallyport/test-parts/redis-server';
import { openAccessLanes, plainGate } from '../contestants/access-rules.ts';
import { digestFloor } from '../contestants/digest-floor.ts';
import { formatMicroseconds, formatSpread, formatTimes, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import { measureRounds } from '../rounds/rounds.ts';
import { differences, ratios, spreadOf } from '../rounds/statistics.ts';
import type { Group } from './group.ts';

// 10 µs, where SHA-256 and a Map take 0.84 µs.
const overFloorBound = 12;

/** What each rule about callers adds to an accepted request. */
export const access: Group = {
  name: 'access',

  async run(effort, onProgress) {
    const redis = hasRedis ? await startRedis() : undefined;
    try {
      const { lanes, close } = await openAccessLanes(redis?.url);
      const timings = await measureRounds(lanes, effort, (round) =>
        onProgress(`rules about callers, round ${round} of ${effort.rounds}`),
      );
      await close();
      const plain = timings.get(plainGate) ?? [];
      const floor = timings.get(digestFloor.name) ?? [];
      return {
        title: 'Rules about callers',
        blocks: [
          'Microseconds for each accepted tool call, from the header fields to the decision, without a network ' +
            'and without a log. The credentials were seen before. The first row does no more than find the token. The second column is what the rule adds in the ' +
            `same round.${redis === undefined ? ' `redis-server` is not installed, so the quota in Redis is missing.' : ' The call of the quota in Redis waits for one round trip over the loopback interface.'}`,
          renderTable(
            ['µs', 'whole decision', 'added'],
            lanes.map(({ name }) => {
              const own = timings.get(name) ?? [];
              const added =
                name === plainGate || name === digestFloor.name
                  ? nothing
                  : formatSpread(spreadOf(differences(own, plain)));
              return [name, formatSpread(spreadOf(own)), added];
            }),
          ),
        ],
        targets: [
          {
            what: 'The gate alone, in process: a token that was seen before',
            ...{ sense: 'at most', bound: 10, measured: spreadOf(plain).median },
            format: formatMicroseconds,
          },
          {
            what: `The gate alone, in process: a token that was seen before, against ${digestFloor.name}`,
            ...{ sense: 'at most', bound: overFloorBound },
            measured: spreadOf(ratios(plain, floor)).median,
            format: formatTimes,
          },
        ],
      };
    } finally {
      await redis?.stop();
    }
  },
};
