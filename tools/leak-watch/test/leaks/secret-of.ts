import { hash } from 'node:crypto';

/** A secret for one test, which has no piece of any other's. */
export function secretOf(title: string): string {
  return hash('sha256', title, 'base64url')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 24);
}
