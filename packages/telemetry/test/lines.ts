import type { AuditEvent } from '@sallyport/core';
import { expect } from 'vitest';
import { type CloudLoggingOptions, createCloudLoggingSink } from '../src/index.ts';

export const accepted: AuditEvent = {
  event: 'authenticated',
  at: Date.UTC(2026, 0, 1),
  verifier: 'jwt',
};
export const refused: AuditEvent = { ...accepted, event: 'refused', code: 'token_inactive' };

/** A sink whose every line is held against what a line must be (OPS-03). */
export function setUp(options: CloudLoggingOptions = {}) {
  const written: string[] = [];
  const clock = { time: Date.UTC(2026, 0, 1) };
  const sink = createCloudLoggingSink({
    write: (line) => written.push(line),
    now: () => clock.time,
    ...options,
  });
  const read = () =>
    written.map((line) => {
      expect(line).toMatch(/^[\x20-\x7e]+\n$/);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4_096);
      return JSON.parse(line) as Record<string, unknown>;
    });
  return { sink, clock, read, written };
}
