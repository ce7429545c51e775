export type { Caller } from './caller.ts';
export { callerOf, optionalCallerOf } from './caller.ts';
export type { ComposedGate } from './compose-gate.ts';
export { composeGate } from './compose-gate.ts';
export type { Protection } from './protection.ts';
export type {
  IssuerSettings,
  OpenSettings,
  ProtectSettings,
  SignInContext,
  VerifierSettings,
} from './settings/settings.ts';
