const sequence = 0x30;
const integer = 0x02;
const longForm = 0x81;

/**
 * An ECDSA signature as OpenSSL takes it (RFC 3279 §2.2.3), out of the two integers of equal length
 * that a JWS has (RFC 7518 §3.4). Node converts as well when told `ieee-p1363`, but takes a quarter
 * of an ES256 verification for it.
 */
export function toDerSignature(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const r = startOfInteger(signature, 0, half);
  const s = startOfInteger(signature, half, signature.length);
  const rSign = signBytes(signature, r);
  const sSign = signBytes(signature, s);
  const rLength = half - r + rSign;
  const sLength = signature.length - s + sSign;
  const length = rLength + sLength + 4;

  const header = length < 0x80 ? [sequence, length] : [sequence, longForm, length];
  const der = Buffer.alloc(header.length + length);
  der.set(header);
  writeInteger(der, header.length, signature.subarray(r, half), rSign);
  writeInteger(der, header.length + 2 + rLength, signature.subarray(s), sSign);
  return der;
}

/** Past the leading zeros, of which one is left when there is nothing else. */
function startOfInteger(bytes: Buffer, start: number, end: number): number {
  let index = start;
  while (index < end - 1 && bytes[index] === 0) index += 1;
  return index;
}

/** A zero in front, where the highest bit would be the sign. */
function signBytes(bytes: Buffer, start: number): number {
  return (bytes[start] ?? 0) < 0x80 ? 0 : 1;
}

function writeInteger(target: Buffer, at: number, bytes: Buffer, sign: number): void {
  target[at] = integer;
  target[at + 1] = bytes.length + sign;
  target.set(bytes, at + 2 + sign);
}
