/** What the project wants to reach, and what this run measured. */
export interface Target {
  readonly what: string;
  readonly bound: number;
  /** Whether the bound is the least or the most that is wanted. */
  readonly sense: 'at least' | 'at most';
  readonly measured: number;
  /** Writes figures of this kind, with their unit. */
  readonly format: (value: number) => string;
}

export function isMet({ sense, bound, measured }: Target): boolean {
  return sense === 'at least' ? measured >= bound : measured <= bound;
}

/** Such as `≥ 0.78`. */
export function formatBound({ sense, bound, format }: Omit<Target, 'what' | 'measured'>): string {
  return `${sense === 'at least' ? '≥' : '≤'} ${format(bound)}`;
}
