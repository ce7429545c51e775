/** `mcp-remote` keeps what it has: refresh, and a person who does not allow more. */
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startMcpRemote } from '../test/clients/mcp-remote.ts';

const note = { title: 'Milk', text: 'Two bottles' };

describe('mcp-remote', () => {
  it('answers with the reason when the person does not allow more, and keeps what it has', async () => {
    const { person, connect, call, refusals } = await startMcpRemote();
    await connect();
    person.refuse();

    await expect(call('write_note', note)).rejects.toThrow('access_denied - the person said no');
    expect(await call('list_notes')).toContain('[]');
    expect(person.asked()).toHaveLength(2);
    expect(refusals().filter((code) => code !== 'credentials_missing')).toEqual([
      'scope_insufficient',
    ]);
  });

  it('refreshes without asking again', async () => {
    const { authorizationServer, person, connect, call } = await startMcpRemote(8);
    await connect();
    const before = await call('whoami');
    await setTimeout(8_100);
    const after = await call('whoami');

    expect(after).toContain('alice');
    // It says when the token ends.
    expect(after).not.toBe(before);
    expect(authorizationServer.hits('/token')).toBeGreaterThan(1);
    expect(person.asked()).toHaveLength(1);
  });
});
