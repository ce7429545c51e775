/** A server in a process of its own: it verifies one key until the key is refused. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { contractNowSeconds } from '@sallyport/contract-tests';
import { Secret } from '@sallyport/core';
import { createApiKeyVerifier, createFileKeyStore } from '../src/index.ts';

const [, , path = ''] = process.argv;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const secret = new Secret((await lines.next()).value);
const key = String((await lines.next()).value);
const verifier = createApiKeyVerifier({
  resource: 'https://notes.acme-corp.dev/mcp',
  secret,
  store: createFileKeyStore({ path }),
});
const endsAt = performance.now() + 20_000;
let outcome = '';
while (outcome !== 'token_inactive' && performance.now() < endsAt) {
  const context = {
    nowSeconds: contractNowSeconds,
    signal: new AbortController().signal,
    allowRemote: true,
  };
  outcome = await verifier.verify(key, context).then(
    () => 'verified',
    (error) => error.code,
  );
  process.stdout.write(`${outcome}\n`);
  await sleep(100);
}
process.exit(0);
