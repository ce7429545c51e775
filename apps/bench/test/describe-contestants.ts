/** What each server of the comparison must do before its figures mean anything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess } from '../src/programs/server-process.ts';
import { createLoad, type Load } from '../src/requests/load.ts';
import { proxyLanes } from '../src/requests/proxy-lanes.ts';
import { requestLanes } from '../src/requests/request-lanes.ts';
import { gatedV1 } from '../src/servers/gated-v1.ts';
import type { ServerContestant } from '../src/servers/server-contestant.ts';
import { greeting, toolScope } from '../src/servers/tool-call.ts';
import { createIssuer } from '../src/tokens/issuer.ts';
import { issuerName, mintToken, tamperClaims, tamperSignature } from '../src/tokens/tokens.ts';

const issuer = createIssuer('RS256');
const { jwk, keyText } = issuer;
const good = mintToken(issuer, { scope: toolScope });
// One that has sessions refuses a call that belongs to none.
const lanes = [...requestLanes, ...proxyLanes].filter(({ contestant }) => !contestant.hasSessions);
export const contestants = [...new Set(lanes.map(({ contestant }) => contestant))];
export const own = gatedV1;
const now = Math.floor(Date.now() / 1_000);

const bad: readonly [what: string, token: string | undefined, status: number][] = [
  ['no token', undefined, 401],
  ['a changed signature', tamperSignature(good), 401],
  ['changed claims', tamperClaims(good), 401],
  ['an expired token', mintToken(issuer, { scope: toolScope, exp: now - 600 }), 401],
  ['another issuer', mintToken(issuer, { scope: toolScope, iss: `${issuerName}/other` }), 401],
  ['another audience', mintToken(issuer, { scope: toolScope, aud: 'https://other.example' }), 401],
  ['another signer', mintToken(createIssuer('RS256'), { scope: toolScope }), 401],
  ['too small a scope', mintToken(issuer, { scope: 'write:nothing' }), 403],
];

/** Starts each and asks it. */
export function describeContestants(chosen: readonly ServerContestant[]): void {
  describe.each(chosen)('$name', ({ name, line, checksTokens }) => {
    let server: ServerProcess | undefined;
    let load: Load | undefined;
    beforeAll(async () => {
      server = await startServerProcess({ contestant: name, issuer: { jwk, keyText } }, undefined);
      load = createLoad(server.port, line);
    });
    afterAll(async () => {
      server?.stop();
      await load?.close();
    });
    const send = async (token: string | undefined) => load?.send(token);

    it('answers a call with the greeting', async () => {
      expect(await send(good)).toEqual({ status: 200, body: expect.stringContaining(greeting) });
    });

    it.runIf(checksTokens)('refuses whatever is no good token', async () => {
      const answers = await Promise.all(bad.map(([, token]) => send(token)));

      expect(answers.map((answer, index) => [bad[index]?.[0], answer?.status])).toEqual(
        bad.map(([what, , status]) => [what, status]),
      );
    });

    it.runIf(name === own.name)('fails a load in which one answer is not good', async () => {
      await load?.run(20, () => good);

      await expect(
        load?.run(20, (index) => (index === 13 ? tamperSignature(good) : good)),
      ).rejects.toThrow('answered with 401');
    });

    it.skipIf(checksTokens)('asks for no token', async () => {
      expect(await send(undefined)).toMatchObject({ status: 200 });
    });

    // One server is enough: the program that measures is the same for all.
    it.runIf(name === contestants[0]?.name)('says what CPU time it takes', async () => {
      const before = await server?.cpuTime();
      await load?.run(50, () => good);

      expect(await server?.cpuTime()).toBeGreaterThan(before ?? Number.NaN);
    });
  });
}
