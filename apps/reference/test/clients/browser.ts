/**
 * Called as a browser is, with an address: signs in as alice, and follows the answer back to the client.
 * Notes the address in the folder, and presses Deny when there is a file `refuses` in it.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { authorizeHeadlessly } from '@sallyport/testing';

const [folder = '', address = ''] = process.argv.slice(2);
appendFileSync(join(folder, 'visits'), `${address}\n`);
const deny = existsSync(join(folder, 'refuses'));
await bring(await authorizeHeadlessly(new URL(address), { subject: 'alice', deny }));

/** People are slower than this program: some clients listen only after the browser has started. */
async function bring(answer: URL, attemptsLeft = 100): Promise<void> {
  try {
    await fetch(answer);
  } catch (error) {
    if (attemptsLeft === 0 || !isRefused(error)) throw error;
    await setTimeout(100);
    await bring(answer, attemptsLeft - 1);
  }
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
