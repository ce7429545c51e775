const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** A duration for people, such as `54 minutes`, rounded to its largest unit. */
export function describeSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(Math.abs(seconds)));
  const [size, name] = units.find(([unit]) => whole >= unit) ?? [1, 'second'];
  const count = Math.round(whole / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A time of a token, such as `2026-11-26 10:00:00 UTC`. */
export function describeInstant(seconds: number): string {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime())
    ? `${seconds}`
    : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
