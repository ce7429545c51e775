/** What the commands about keys say. */
import type { ApiKeySummary, IssuedApiKey } from '@sallyport/verifier-api-key';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { printable } from '../terminal/printable.ts';
import { createTerminal, type Terminal, type Tone } from '../terminal/terminal.ts';

type Output = Pick<Surroundings, 'output' | 'errors' | 'variables'>;

interface Format {
  readonly json?: boolean;
}

/** Writes a key once. It is all of standard output where that is a pipe, so that it goes straight into a store. */
export function writeIssuedKey(
  { key, ...summary }: IssuedApiKey,
  { json }: Format,
  { output, errors, variables }: Output,
): void {
  if (json) {
    output.write(`${JSON.stringify({ ...summary, key: key.reveal() }, null, 2)}\n`);
    return;
  }
  const terminal = createTerminal(output.isTTY ? output : errors, variables);
  terminal.line();
  writeKey(terminal, summary);
  terminal.line();
  // Without a newline at the end, which would become part of a stored secret.
  if (output.isTTY) terminal.line(key.reveal());
  else output.write(key.reveal());
  if (output.isTTY) terminal.line();
  terminal.paragraph(terminal.paint('careful', 'This is the only copy: it is not shown again.'));
  writeNext(terminal, 'send it as "Authorization: Bearer <key>" or as "X-API-Key: <key>"');
}

export function writeKeys(
  keys: readonly ApiKeySummary[],
  { json }: Format,
  { output, variables }: Output,
): void {
  if (json) {
    output.write(`${JSON.stringify({ keys }, null, 2)}\n`);
    return;
  }
  const terminal = createTerminal(output, variables);
  terminal.line();
  if (keys.length === 0) terminal.line('  There are no API keys.');
  for (const [index, key] of keys.entries()) {
    if (index > 0) terminal.line();
    writeKey(terminal, key);
  }
  writeNext(
    terminal,
    keys.length === 0
      ? 'make the first one: sallyport keys create --owner ci@example.com --scope "read:data"'
      : 'end one: sallyport keys revoke <id>, or exchange it: sallyport keys rotate <id>',
  );
}

export function writeRevoked(id: string, { json }: Format, { output, variables }: Output): void {
  if (json) {
    output.write(`${JSON.stringify({ ok: true, id, status: 'revoked' }, null, 2)}\n`);
    return;
  }
  const terminal = createTerminal(output, variables);
  terminal.line();
  terminal.paragraph(
    `${terminal.paint('good', '✓')} The key ${id} is revoked. Every instance refuses it within 5 seconds. Its open streams end within a minute.`,
  );
  writeNext(
    terminal,
    `see what is left: sallyport keys list. With a denial list, end its streams at once: sallyport deny --key ${id} --reason revoked`,
  );
}

const tones: Readonly<Record<ApiKeySummary['status'], Tone>> = {
  active: 'good',
  ending: 'careful',
  expired: 'quiet',
  revoked: 'quiet',
  unusable: 'bad',
};

function writeKey(terminal: Terminal, key: ApiKeySummary): void {
  const { id, status, owner, client, scopes, endsAt, revokedAt } = key;
  terminal.line(
    `  ${terminal.paint('strong', printable(id))}  ${terminal.paint(tones[status], status)}`,
  );
  const pair = (name: string, value: string) =>
    terminal.pair(name, value, { indent: 4, column: 10 });
  pair('owner', printable(owner));
  if (client !== owner) pair('client', printable(client));
  pair('scopes', scopes.length === 0 ? 'none' : printable(scopes.join(' ')));
  pair('made', dayOf(key.createdAt));
  pair('expires', dayOf(key.expiresAt));
  if (endsAt !== undefined) pair('ends', momentOf(endsAt));
  if (revokedAt !== undefined) pair('revoked', momentOf(revokedAt));
  pair('used', key.usedOn === undefined ? 'never' : printable(key.usedOn));
}

function dayOf(seconds: number): string {
  return momentOf(seconds).slice(0, 10);
}

/** Somebody else may have written the record. */
function momentOf(seconds: number): string {
  const time = new Date(seconds * 1_000);
  if (Number.isNaN(time.getTime())) return 'at no known time';
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
