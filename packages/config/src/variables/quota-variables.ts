/** Variables about how many calls a caller may make. */
import { z } from 'zod';
import { flag, prefix, record, type Variable, wholeNumber } from './variable.ts';

/** The quota of one tool. */
export interface ToolQuota {
  readonly calls: number;
  readonly windowSeconds?: number | undefined;
}

export const quotaCalls: Variable<number | undefined> = wholeNumber(
  `${prefix}QUOTA_CALLS`,
  { minimum: 1, maximum: 100_000, fallback: undefined },
  { meaning: 'Calls of one caller in a window, of all tools together. Default: no limit' },
);
export const quotaWindow: Variable<number> = wholeNumber(
  `${prefix}QUOTA_WINDOW_SECONDS`,
  { minimum: 1, maximum: 86_400, fallback: 60 },
  { meaning: 'The window' },
);
export const quotaTools: Variable<Readonly<Record<string, ToolQuota>>> = record(
  'QUOTA_TOOLS',
  () =>
    z.strictObject({
      calls: z.int().min(1).max(100_000),
      windowSeconds: z.number().min(1).max(86_400).optional(),
    }),
  {},
  {
    meaning: 'Further limits for single tools, for each caller',
    example: '{"create_report": {"calls": 5, "windowSeconds": 3600}}',
  },
);
export const quotaCountDiscovery: Variable<boolean> = flag(
  `${prefix}QUOTA_COUNT_DISCOVERY`,
  false,
  { meaning: 'Whether `initialize`, `ping` and lists count as calls too' },
);
