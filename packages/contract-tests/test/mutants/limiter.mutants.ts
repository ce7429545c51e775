import { AuthError } from '@sallyport/core';
import { describe } from 'vitest';
import { describeRateLimiter } from '../../src/index.ts';
import { type Bug, createLimiter } from '../limiter.ts';

const bugs: Readonly<Record<string, Bug>> = {
  none: {},
  'counts when asked': { peekCounts: true },
  'is not atomic': { racy: true },
  'takes keys for names': { keyOf: (key) => key.normalize('NFC').slice(0, 100) },
  'has fixed windows': {
    forgetAt: (failures, now, windowSeconds) =>
      failures.filter((t) => Math.floor(t / windowSeconds) === Math.floor(now / windowSeconds)),
    retryAfter: (_seconds, now) => 60 - (now % 60),
  },
  'never forgets': { forgetAt: (failures) => [...failures] },
  'says a window for every wait': { retryAfter: () => 60 },
  'says too short a wait': { retryAfter: (seconds) => seconds / 2 },
  'puts it off with every refused failure': { recordsRefused: true },
  'knows no networks': { ignoresNetworks: true },
  'counts a refused failure in one place': { recordsEach: true },
  'counts failures for keys': { keys: (logs) => [...logs.values()].flat().length },
  'refuses everything': {
    keyOf: () => {
      throw new AuthError('upstream_unavailable', { detail: 'not implemented yet' });
    },
  },
  'says wrongly what is left': { remaining: (failures) => 4 - failures },
};

for (const [name, bug] of Object.entries(bugs)) {
  describe(name, () => describeRateLimiter({ create: (limit) => createLimiter(limit, bug) }));
}
