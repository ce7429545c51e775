export type { ComposedGate, GateOptions } from './compose-gate.ts';
export type {
  Config,
  IntrospectionAuthentication,
  JwtAuthentication,
  NoAuthentication,
  RateLimit,
  StaticAuthentication,
} from './config.ts';
export type { ConfigEvent, ConfigListener } from './config-event.ts';
export type { ConfiguredGate } from './create-gate-from-config.ts';
export { createGateFromConfig } from './create-gate-from-config.ts';
export type { GateReadings } from './gate-readings.ts';
export type { LoadConfigOptions } from './load-config.ts';
export { loadConfig } from './load-config.ts';
export type { ProviderName } from './provider-names.ts';
export type { Origin, Setting } from './setting.ts';
export { writeStartUpReport } from './start-up-report.ts';
