import { expect, it } from 'vitest';
import { createDpop, type DpopOptions, type ReplayStore } from '../src/index.ts';

it('tells the guard what it is for', () => {
  expect(createDpop()).toMatchObject({
    method: 'jkt',
    scheme: 'DPoP',
    required: false,
    algorithms: ['ES256', 'Ed25519', 'EdDSA'],
  });
  expect(createDpop({ required: true, algorithms: ['PS256'] })).toMatchObject({
    required: true,
    algorithms: ['PS256'],
  });
});

it.each<[unknown, string]>([
  [{ algorithms: [] }, 'dpop.algorithms'],
  [{ algorithms: ['HS256'] }, 'dpop.algorithms'],
  [{ algorithms: ['none'] }, 'dpop.algorithms'],
  [{ algorithms: ['ES256', 'ES256'] }, 'dpop.algorithms'],
  [{ algorithms: ['ES256', 'constructor'] }, 'dpop.algorithms'],
  [{ proofLifetimeSeconds: 9 }, 'dpop.proofLifetimeSeconds'],
  [{ proofLifetimeSeconds: 3_601 }, 'dpop.proofLifetimeSeconds'],
  [{ proofLifetimeSeconds: Number.POSITIVE_INFINITY }, 'dpop.proofLifetimeSeconds'],
  [{ proofLifetimeSeconds: '300' }, 'dpop.proofLifetimeSeconds'],
  [{ replay: {} as ReplayStore }, 'dpop.replay'],
])('stops at %j', (options, option) => {
  expect(() => createDpop(options as DpopOptions)).toThrow(
    expect.objectContaining({ name: 'ConfigError', option }),
  );
});
