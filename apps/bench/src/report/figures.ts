import type { Spread } from '../rounds/statistics.ts';

/** Shown if nothing can be measured. */
export const nothing = '–';

/** Three significant digits, or all digits before the decimal point. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return nothing;
  const before = Math.max(1, Math.trunc(Math.abs(value)).toString().length);
  return value.toFixed(Math.min(2, Math.max(0, 3 - before)));
}

/** The median, with the least and the most of all rounds. */
export function formatSpread({ median, minimum, maximum }: Spread): string {
  return `${formatFigure(median)} (${formatFigure(minimum)}–${formatFigure(maximum)})`;
}

/** Bytes in millions. */
export const formatMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes in thousands. */
export const formatKilobytes = (bytes: number): string => `${(bytes / 1e3).toFixed(1)} kB`;

export const formatMicroseconds = (value: number): string => `${formatFigure(value)} µs`;

/** So many times as much. */
export const formatTimes = (value: number): string => `${formatFigure(value)} ×`;

/** A part of 1, without zeros at its end. */
export const formatShare = (value: number): string => `${Number(value.toFixed(3))}`;
