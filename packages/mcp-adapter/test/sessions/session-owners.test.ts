import { type OperationalEvent, Secret } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createSessionOwners } from '../../src/sessions/session-owners.ts';
import type { SessionOwner } from '../../src/sessions/session-proof.ts';

const secret = new Secret('one-2Kd8sQz5vR0wYx7Lm3Tf9Hb6Nc1Jg4P');
const alice: SessionOwner = { issuer: 'https://a.example', subject: 'alice', clientId: 'app' };
const bob: SessionOwner = { ...alice, subject: 'bob' };

function setUp(isShared = true) {
  const events: OperationalEvent[] = [];
  const owners = createSessionOwners({
    secret: isShared ? secret : undefined,
    report: (event) => events.push(event),
    now: () => 0,
  });
  const claim = (claimed: readonly string[], owner = alice, ignoresSession = false) => {
    const result = owners.claim({ claimed, owner, ignoresSession });
    return result.kind === 'own' ? result.serverId : result.kind;
  };
  const open = (id: unknown, owner = alice) => owners.prover(owner)(id);
  return { owners, claim, open, events };
}

const foreign = setUp().open('session-1', bob) ?? '';
const ofAnotherSecret = setUp(false).open('session-1', alice) ?? '';
const unproven = [
  [''],
  ['stale'],
  ['session-1'],
  ['a,b'],
  ['a', 'b'],
  ['\u00ff\u0001 "'],
  ['x'.repeat(15_000)],
];
const disproven = [
  [foreign],
  [ofAnotherSecret],
  [foreign, foreign],
  [`${foreign}, stale`],
  [`stale,${foreign}`],
  ['.s1.AAAAAAAAAAAAAAAAAAAAAA'],
  [`${'x'.repeat(15_000)}.s1.AAAAAAAAAAAAAAAAAAAAAA`],
];

describe('session owners', () => {
  it.each(unproven.map((claimed) => [claimed]))(
    'CASE-21: hides %j at a server that never handed out a session, and refuses it at others',
    (claimed) => {
      const { claim, open } = setUp();
      expect(claim(claimed)).toBe('hidden');
      open('session-1');

      expect(claim(claimed)).toBe('unknown');
    },
  );

  it.each(disproven.map((claimed) => [claimed]))(
    'MCP-16: refuses %j, whether the server handed out a session or not',
    (claimed) => {
      const { claim, open } = setUp();
      expect(claim(claimed)).toBe('unknown');
      open('session-1');

      expect(claim(claimed)).toBe('unknown');
    },
  );

  it.each([...unproven, ...disproven].map((claimed) => [claimed]))(
    'CASE-21: hides %j where a session begins',
    (claimed) => {
      const { claim, open } = setUp();
      open('session-1');

      expect(claim(claimed, alice, true)).toBe('hidden');
    },
  );

  it('MCP-04: shows the server its own id for its owner alone, and only where it stands once', () => {
    const { claim, open } = setUp();
    const id = open('session-1') ?? '';

    expect(id).toMatch(/^session-1\.s1\.[A-Za-z0-9_-]{22}$/);
    expect(claim([id])).toBe('session-1');
    expect(claim([id], bob)).toBe('unknown');
    expect(claim([id], { ...alice, issuer: 'https://b.example' })).toBe('unknown');
    expect(claim([id], { ...alice, clientId: 'other' })).toBe('unknown');
    expect(claim([id, id])).toBe('unknown');
  });

  it('MCP-16: knows the owner after a restart, before any session was handed out', () => {
    expect(setUp().claim([setUp().open('session-1') ?? ''])).toBe('session-1');
  });

  it('replaces an id once, however often an answer is looked at', () => {
    const prove = setUp().owners.prover(alice);
    const id = prove('session-1');

    expect(prove(id)).toBe(id);
    expect(prove('session-1')).toBe(id);
    expect(prove(['session-1'])).toBe(id);
  });

  it.each(['', 'a b', 'é', 'a\n', '\u007f', 'x'.repeat(2_049), ['a', 'b'], [], 7, null])(
    'hands out no id for %j, and reports it once',
    (value) => {
      const { open, claim, events } = setUp();

      expect([open(value), open(value)]).toEqual([undefined, undefined]);
      expect(events).toEqual([{ type: 'session_id_refused' }]);
      expect(claim(['stale'])).toBe('hidden');
    },
  );

  it('reports at the first session, once, that no secret is shared', () => {
    const { open, events } = setUp(false);
    expect(events).toEqual([]);
    open('session-1');
    open('session-2');

    expect(events).toEqual([{ type: 'session_secret_missing' }]);
    const shared = setUp();
    shared.open('session-1');
    expect(shared.events).toEqual([]);
  });
});
