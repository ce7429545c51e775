/** The five lines, as they stand in the README: asked, and signed in to by the clients of both SDK lines. */

import { readFileSync } from 'node:fs';
import { createOAuthClient, lines } from '@sallyport/test-parts/sdk-clients';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, right } from './fixture.ts';
import {
  close,
  type LocalServers,
  type Snippet,
  startLocalServers,
  untilListening,
} from './local-snippets.ts';

let local: LocalServers;
let snippet: Snippet;
beforeAll(async () => {
  local = await startLocalServers();
  snippet = await import('./readme.ts');
  await untilListening(snippet);
});
afterAll(async () => {
  await close(snippet);
  await local.stop();
});

it('takes five lines', () => {
  const [, block = ''] =
    /(app\.use\(await protect\(.*?\}\)\);)/s.exec(
      readFileSync(new URL('readme.ts', import.meta.url), 'utf8'),
    ) ?? [];

  expect(block.split('\n')).toHaveLength(5);
});

it('answers the three questions, and about its metadata', async () => {
  expect(await ask(new URL(local.resource).origin, local.issuer, { of: local.resource })).toEqual(
    right,
  );
});

it.each(Object.entries(lines))('lets a client of %s sign in', async (_name, line) => {
  const person = createOAuthClient({ subject: 'ada' });
  const newTransport = () => line.newTransport(new URL(local.resource), person);
  const first = newTransport();
  await expect(first.connect()).rejects.toThrow(line.unauthorized);
  await first.finish(await person.consent());
  const client = await newTransport().connect();

  expect(await client.callTool({ name: 'read_note', arguments: {} })).toMatchObject({
    content: [{ text: 'read_note for ada' }],
  });
  await client.close();
});
