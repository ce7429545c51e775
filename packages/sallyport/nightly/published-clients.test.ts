/** mcp-remote and the Inspector call every tool of server-everything, through both kinds of upstream. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createClientV1 } from '@sallyport/test-parts/answering-clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installForeignPrograms } from './foreign-programs.ts';
import { type Call, type ForeignServer, foreignServers } from './foreign-servers.ts';
import { type StartedProgram, startDev } from './started-program.ts';

const remote = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');
const run = promisify(execFile);

describe.each(Object.entries(foreignServers).filter(([name]) => name.includes('everything')))(
  '%s',
  (_name, startServer) => {
    let server: ForeignServer;
    let program: StartedProgram;
    let home: string;
    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'sallyport-'));
      server = await startServer();
      program = await startDev(server.words, server.variables);
    });
    afterAll(async () => {
      await program?.stop();
      await server?.stop();
      rmSync(home, { recursive: true, force: true });
    });
    const environment = () => ({ PATH: process.env['PATH'] ?? '', HOME: home });
    const authorization = () => ['--header', `Authorization: Bearer ${program.token}`];

    it('answers all calls of mcp-remote, and asks its client', async () => {
      const client = createClientV1();
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [remote, program.url.href, ...authorization()],
        env: environment(),
        stderr: 'ignore',
      });
      // The types of SDK v1 do not know `exactOptionalPropertyTypes`.
      await client.connect(transport as never);
      const calls: readonly Call[] = [...server.calls, ...(server.asking ?? [])];
      const offered = async () => (await client.listTools()).tools.map(({ name }) => name);
      // Tools that need a capability of the client come after its `initialized`.
      const names = [...new Set(calls.map(([name]) => name))];
      await expect.poll(offered).toEqual(expect.arrayContaining(names));

      for (const [name, given, answer] of calls) {
        const result = await client.callTool({ name, arguments: { ...given } });
        expect(result, name).not.toMatchObject({ isError: true });
        expect(JSON.stringify(result), name).toContain(answer);
      }
      await client.close();
    });

    it('answers all calls of the Inspector', async () => {
      const folder = await installForeignPrograms();
      const inspector =
        'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js';
      const inspect = async (...words: readonly string[]) => {
        const target = ['--cli', '--server-url', program.url.href, '--transport', 'http'];
        const given = [join(folder, inspector), ...target, ...authorization(), ...words];
        return (await run(process.execPath, given, { env: environment() })).stdout;
      };

      expect(await inspect('--method', 'tools/list')).toContain('"get-sum"');
      for (const [name, given, answer] of server.calls) {
        const words = ['--tool-name', name, '--tool-args-json', JSON.stringify(given)];
        expect(await inspect('--method', 'tools/call', ...words), name).toContain(answer);
      }
    });
  },
);
