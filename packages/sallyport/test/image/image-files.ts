/** The files of `image`, with values of somebody's own in the place of names in capitals. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export function readImageFile(name: string): string {
  return readFileSync(new URL(`../../image/${name}`, import.meta.url), 'utf8');
}

/** A Cloud Run file, filled in. */
export function readServiceText(name: string): string {
  return readImageFile(name)
    .replaceAll(/(?<!GCP_)PROJECT_ID/g, 'acme-notes')
    .replaceAll('PROJECT_NUMBER', '987654321098')
    .replaceAll('REGION', 'us-central1');
}

/** What a Cloud Run file says, as data. */
export function readService(name: string): unknown {
  return parse(readServiceText(name));
}
