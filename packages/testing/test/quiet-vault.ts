/** A process of its own: whatever is printed, and whatever keeps it from ending, is a fault. */
import { startVault } from '@sallyport/testing/vault';

const vault = await startVault({ secrets: { app: { value: 'one' } } });
const url = `${vault.url}/v1/secret/data/app`;
const headers = { 'X-Vault-Token': vault.rootToken };
await (await fetch(url, { headers })).text();
await (await fetch(`${vault.url}/v1/%E0%A4%A`, { headers })).text();
vault.fault({ kind: 'hang' }, { times: 1 });
vault.fault({ kind: 'delay', milliseconds: 60_000 });
const late = [1, 2].map(() => fetch(url, { headers }).catch(() => {}));
while (vault.hits('/v1/secret/data/app') < 3) await new Promise(setImmediate);
await vault.stop();
await Promise.all(late);
