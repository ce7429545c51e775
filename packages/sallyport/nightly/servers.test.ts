/** Servers that nobody here wrote, behind `dev` and `run`, and all their tools, called by both lines of the SDK. */

import { answeringClients } from '@sallyport/test-parts/answering-clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ForeignServer, foreignServers } from './foreign-servers.ts';
import { type StartedProgram, startDev, startRun } from './started-program.ts';

// It belongs to the experimental task methods, which no plain call runs.
const taskTools = ['simulate-research-query'];

const starts = { dev: startDev, run: startRun };
const pairs = Object.entries(starts).flatMap(([command, startProgram]) =>
  Object.entries(foreignServers).map(([name, startServer]) => ({
    command,
    name,
    startProgram,
    startServer,
  })),
);

describe.each(pairs)('sallyport $command with $name', ({ startProgram, startServer }) => {
  let server: ForeignServer;
  let program: StartedProgram;
  beforeAll(async () => {
    server = await startServer();
    program = await startProgram(server.words, server.variables);
  });
  afterAll(async () => {
    await program?.stop();
    await server?.stop();
  });

  it.each(Object.entries(answeringClients))('answers all calls of %s', async (line, connect) => {
    const client = await connect(program.url, program.token);
    const isOverHttp = server.words[0] === '--upstream';
    const isAsked = isOverHttp || line !== 'a client of SDK v2 that prefers 2026-07-28';
    const calls = [...server.calls, ...(isAsked ? (server.asking ?? []) : [])];

    // Tools that need a capability of the client come after its `initialized`.
    await expect
      .poll(async () =>
        (await client.listTools()).filter((name) => !taskTools.includes(name)).toSorted(),
      )
      .toEqual([...new Set(calls.map(([name]) => name))].toSorted());
    for (const [name, given, answer] of calls) {
      const result = await client.callTool(name, { ...given });
      expect(result, name).not.toMatchObject({ isError: true });
      expect(JSON.stringify(result), name).toContain(answer);
    }
    if (server.slow !== undefined) {
      const seen: number[] = [];
      const { name, arguments: given } = server.slow;
      await client.callTool(name, { ...given }, (progress) => seen.push(progress));
      expect(seen).toEqual([1, 2, 3, 4]);
    }
    await client.close();
  });

  it('names no fault of its server', () => {
    expect(program.said()).not.toMatch(/upstream_unavailable|child_failed|child_output_ignored/);
  });
});
