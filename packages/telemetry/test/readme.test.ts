import { expect, it } from 'vitest';
import { lines } from './readme.ts';

it('shows an example that does what it says', () => {
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { severity: 'WARNING', message: 'refused token_expired (client 192.0.2.1)', status: 401 },
    { severity: 'CRITICAL', message: 'keys_dropped: private', reason: 'private' },
  ]);
});
