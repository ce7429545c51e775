export { saysHowToSignIn, variablesOfLocalIssuer } from './authentication/local-issuer.ts';
export type { ConfiguredGate } from './compose/create-gate-from-config.ts';
export { createGateFromConfig } from './compose/create-gate-from-config.ts';
export type { GateOptions } from './compose/gate-options.ts';
export type { GateReadings } from './compose/gate-readings.ts';
export type { ConfiguredSettings } from './compose/settings-from.ts';
export { settingsFrom } from './compose/settings-from.ts';
export type {
  ApiKeys,
  Config,
  DenialPlace,
  IntrospectionAuthentication,
  JwtAuthentication,
  RateLimit,
} from './config.ts';
export type { ConfigEvent } from './config-event.ts';
export type { LoadConfigOptions } from './load-config.ts';
export { loadConfig } from './load-config.ts';
export type { Origin } from './report/shown-setting.ts';
export { writeStartUpReport } from './report/start-up-report.ts';
