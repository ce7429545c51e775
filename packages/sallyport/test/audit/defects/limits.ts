/** Broken servers without limits. */

import type { Attacked, Defect } from '../defect.ts';

export const limitsDefects: readonly Defect[] = [
  {
    name: 'locks good tokens out',
    found: ['limits-11'],
    break: (() => {
      let bad = 0;
      return ({ values, response }: Attacked) => {
        if (values('authorization')[0]?.startsWith('Bearer wrong')) bad += 1;
        return bad > 5 && response.writeHead(429).end();
      };
    })(),
  },
  {
    name: 'hangs over a long token',
    found: ['token-form-56'],
    break: ({ values }) => (values('authorization')[0]?.length ?? 0) > 8_000,
  },
];
