/**
 * An ECDSA signature as OpenSSL takes it (RFC 3279 §2.2.3), out of the two halves of equal length
 * that a JWS has (RFC 7518 §3.4). For curves up to 384 bits.
 *
 * `node:crypto` converts as well when told `ieee-p1363`, but takes a sixth of an ES256 verification
 * for it.
 */
export function toDerSignature(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const integers = [signature.subarray(0, half), signature.subarray(half)].map(encodeInteger);
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function encodeInteger(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? bytes.subarray(-1) : bytes.subarray(first);
  // The highest bit is the sign.
  const sign = (significant[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([0x02, significant.length + sign.length, ...sign, ...significant]);
}
