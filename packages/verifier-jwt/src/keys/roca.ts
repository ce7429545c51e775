/**
 * ROCA (CVE-2017-15361): a widely used chip made RSA primes whose product gives itself away: modulo
 * many small primes it is a power of 65537. Such a key can be factored.
 */

// biome-ignore format: a table
const smallPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const powers = smallPrimes.map((prime) => {
  const generated = new Set<number>();
  for (let power = 1; !generated.has(power); power = (power * 65_537) % prime) generated.add(power);
  return { prime: BigInt(prime), generated };
});

/** Whether an RSA modulus has the fingerprint. Of random moduli, 4 in 10⁹ have it by chance. */
export function hasRocaFingerprint(modulus: bigint): boolean {
  return powers.every(({ prime, generated }) => generated.has(Number(modulus % prime)));
}
