/**
 * Writes `src/keys/hmac/strength/published-digests.ts` from lists of published secrets, one secret a line:
 *
 *     node tools/digest-published-secrets.ts jwt.secrets.list tools/published-digests.txt
 *
 * A line that begins with `sha256:` holds the base64url of such a digest in place of a secret: so a
 * list can be kept in the repository without its secrets. Nothing is fetched.
 */
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';

// 48 bits: of 2⁴⁸ random secrets, as many are refused in error as there are digests.
const digestLength = 8;
// A shorter secret is too short for HS256 even when it is wrapped in base64.
const fewestBytes = 24;

/** The digests of all secrets that could be used, sorted and joined. */
export function digestSecrets(lists: readonly string[]): string {
  const digests = lists
    .flatMap((list) => list.split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('# '))
    .filter((line) => Buffer.byteLength(line) >= fewestBytes)
    .map((line) =>
      (line.startsWith('sha256:') ? line.slice(7) : hash('sha256', line, 'base64url')).slice(
        0,
        digestLength,
      ),
    );
  return [...new Set(digests)].sort().join('');
}

/** The source file that holds them. */
export function writeSource(digests: string): string {
  return `/** Made by \`tools/digest-published-secrets.ts\`. Do not edit. */

/** How many characters of base64url each digest has. */
export const publishedDigestLength = ${digestLength};

/** The beginnings of the SHA-256 digests of published secrets, sorted. */
export const publishedDigests: string =
  '${digests}';
`;
}

if (import.meta.main) {
  const lists = argv.slice(2);
  if (lists.length === 0) throw new Error('give the paths of lists of secrets, one secret a line');
  const digests = digestSecrets(lists.map((path) => readFileSync(path, 'utf8')));
  writeFileSync(
    new URL('../src/keys/hmac/strength/published-digests.ts', import.meta.url),
    writeSource(digests),
  );
  stdout.write(`${digests.length / digestLength} digests\n`);
}
