import { AuthError } from '@sallyport/core';

/**
 * Reads a body that may be hostile. Counts what comes out of the decompression, so a small
 * compressed body cannot become a large one; at the bound the connection is given up.
 *
 * @throws {AuthError} `upstream_unavailable` when there is more than `maximumBytes`.
 */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | null,
  maximumBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Throwing inside the loop cancels the stream.
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maximumBytes) {
      throw new AuthError('upstream_unavailable', { detail: `more than ${maximumBytes} bytes` });
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
