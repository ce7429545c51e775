import { expect, it } from 'vitest';
import { crc32c } from '../src/crc32c.ts';

it.each([
  ['the check value', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
  // RFC 3720 appendix B.4.
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 ascending bytes', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
])('crc32c of %s is right (SEC-09)', (_name, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});
