import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What no event or error may show. */
export const canary = 'kX3vQ9mZrT7bW2pLdF5hJ8nC';

/** A directory with these files, which ends with the test where there is one. */
export async function mount(
  files: Readonly<Record<string, string | Uint8Array>>,
  keep = false,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'secrets-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  if (!keep) onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** What the kubelet does: all files are replaced at once, by one link that leads to them. */
export async function swap(
  directory: string,
  files: Readonly<Record<string, string>>,
  serial: number,
) {
  const data = `..data_${serial}`;
  await mkdir(join(directory, data));
  for (const [name, text] of Object.entries(files))
    await writeFile(join(directory, data, name), text);
  await symlink(data, join(directory, '..data_tmp'));
  await rename(join(directory, '..data_tmp'), join(directory, '..data'));
  for (const name of Object.keys(files)) {
    await symlink(join('..data', name), join(directory, name)).catch(() => {});
  }
  await rm(join(directory, `..data_${serial - 1}`), { recursive: true, force: true });
}
