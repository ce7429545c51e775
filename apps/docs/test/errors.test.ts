/** The pages of errors: every code has one, and a real server gives the answers that they show. */
import { authErrorAnswers } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerLines, commandFor, readTokenErrors } from '../src/errors/token-errors.ts';
import {
  readFaults,
  readTransportErrors,
  transportAnswer,
  transportCommand,
} from '../src/errors/transport-errors.ts';
import { startGate, type TestServer } from './server/gates.ts';
import { createTestIssuer, type TestIssuer } from './server/tokens.ts';
import { runInShell } from './shell.ts';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await createTestIssuer();
});

const message = (name: string) =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: {} },
  });

/** Runs a command of a page, which names the usual address, against a server that listens elsewhere. */
async function ask(
  { origin }: TestServer,
  command: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const own = command.replace('curl -i', 'curl -sS -i').replace('http://localhost:8000', origin);
  return (await runInShell(own, { CALL: message('read_note'), ...variables })).replaceAll('\r', '');
}

it('every code of the guard has a page, in the order of the table', () => {
  expect(readTokenErrors().map(({ code }) => code)).toEqual(Object.keys(authErrorAnswers));
});

it('every fault of the gate has a page', () => {
  const pages = readTransportErrors().map(({ code }) => code);
  const faults = [...readFaults().keys()];

  expect(faults.length).toBeGreaterThan(15);
  expect(faults.filter((code) => !pages.includes(code))).toEqual([]);
});

it('a page without a row of the table says its status itself', () => {
  const faults = readFaults();
  for (const { code, status, body } of readTransportErrors()) {
    expect([code, status === undefined, body === undefined]).toEqual([
      code,
      faults.has(code),
      faults.has(code),
    ]);
  }
});

describe('a real server answers the command of the page', () => {
  it.each(readTokenErrors())('$code', async (entry) => {
    const { gate, token: kind = 'good' } = entry.see;
    const server = await startGate(gate, issuer);
    try {
      const [TOKEN, first] = [await issuer.issue(kind), await issuer.issue('good')];
      // Keys are fetched by the first token, and not again for some seconds.
      if (gate === 'keys_fetched')
        await ask(server, commandFor({ ...entry, see: { gate, token: 'good' } }), { TOKEN: first });
      const PROOF = await issuer.prove(TOKEN);
      const answer = await ask(server, commandFor(entry), { TOKEN, PROOF });

      for (const line of answerLines(entry.code)) expect(answer).toContain(line);
      const refused = server.decisions.findLast(({ event }) => event === 'refused');
      expect(refused?.code).toBe(entry.code);
      expect(withoutNumbers(refused?.detail ?? '')).toBe(withoutNumbers(entry.log));
    } finally {
      await server.close();
    }
  });
});

describe('a real gate answers the request of the page', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startGate('jwt', issuer);
  });
  afterAll(() => server.close());

  const shown = readTransportErrors().filter(({ see }) => see !== undefined);
  it.each(shown)('$code', async (entry) => {
    const [status, body] = transportAnswer(entry);
    const one = message('read_note');
    const answer = await ask(server, transportCommand(entry) ?? '', {
      TOKEN: await issuer.issue('good'),
      LARGE: JSON.stringify({ text: 'x'.repeat(70_000) }),
      DEEP: `${'['.repeat(101)}${']'.repeat(101)}`,
      BATCH: `[${Array(101).fill(one).join(',')}]`,
    });

    expect(answer).toContain(status);
    expect(answer).toContain(entry.body ?? body.slice(1, -1));
  });
});

// Seconds that passed, and sizes of this run.
const withoutNumbers = (text: string): string => text.replace(/\d+/g, '#');
