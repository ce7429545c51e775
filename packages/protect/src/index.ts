export type { CallContext, Caller } from './caller.ts';
export { callerOf, optionalCallerOf } from './caller.ts';
export type { ComposedGate } from './compose-gate.ts';
export { composeGate } from './compose-gate.ts';
export type { HostSettings, Protection } from './protection.ts';
export type {
  ApiKeySetting,
  AuthenticationSettings,
  CommonSettings,
  DevelopmentSettings,
  IssuerSetting,
  IssuerSettings,
  OpenSettings,
  ProtectSettings,
  SignInContext,
  SignInVerifierSettings,
  VerifierSettings,
} from './settings/settings.ts';
