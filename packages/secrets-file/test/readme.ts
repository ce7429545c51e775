import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSecrets } from '@sallyport/secrets-file';

// A volume, as Kubernetes mounts one at /run/secrets.
const directory = await mkdtemp(join(tmpdir(), 'secrets-'));
await writeFile(join(directory, 'hmac-key'), 'kX3vQ9mZrT7bW2pL\n');

const secrets = createFileSecrets({ directory });
export const lookup = await secrets.get('hmac-key', { signal: AbortSignal.timeout(10_000) });

// A file that is replaced is in force at once.
await writeFile(join(directory, 'hmac-key'), 'bW2pLkX3vQ9mZrT7\n');
export const replaced = await secrets.get('hmac-key', { signal: AbortSignal.timeout(10_000) });

await secrets.close();
