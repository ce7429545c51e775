export type { Policy, PolicyEvent, PolicyOperation, PolicyOptions } from './policy.ts';
export { createPolicy } from './policy.ts';
export type { Allowed, DeniedBecause, Verdict } from './verdict.ts';
export { allow, deny } from './verdict.ts';
