import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../apps/reference/operations/', import.meta.url);

/** The operators' files. */
export function readOperations(): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));
}
