import type { Surroundings } from '../surroundings.ts';
import { UsageError } from '../usage-error.ts';

// Many times the longest token that a gate accepts.
const mostBytes = 262_144;

/**
 * Reads a token from standard input. It accepts what people paste: the token, `Bearer` and the token, or a whole
 * `Authorization` or `X-API-Key` field.
 *
 * @throws {UsageError} When there is none, or far too much.
 */
export async function readToken({
  input,
  errors,
}: Pick<Surroundings, 'input' | 'errors'>): Promise<string> {
  if (input.isTTY) errors.write('Paste the token, press Enter, then Ctrl+D:\n');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of input) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    size += bytes.length;
    if (size > mostBytes)
      throw new UsageError('Standard input has more than 256 KiB. Pipe one token into it.');
    parts.push(bytes);
  }
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  const token = text
    .replace(/^(?:-H\s+)?["']?(?:authorization|x-api-key)\s*:\s*/i, '')
    .replace(/^(?:bearer|dpop)\s+/i, '')
    .replace(/^["']|["']$/g, '')
    .trim();
  if (token === '') {
    throw new UsageError('There is no token on standard input. Try: pbpaste | sallyport explain');
  }
  return token;
}
