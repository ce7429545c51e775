// The polynomial of Castagnoli, bits in reverse (RFC 3720 appendix B.4).
const polynomial = 0x82f63b78;

/** The checksum that Secret Manager sends with a payload. */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    }
  }
  return ~remainder >>> 0;
}
