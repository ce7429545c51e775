export { reportFrontDoor } from './front-door/report-front-door.ts';
export { frontDoors } from './providers/front-doors.ts';
export { findIssuerMistake, findMistake, findProvider } from './providers/issuer-mistakes.ts';
export { knownProviders } from './providers/known-providers.ts';
export type {
  AudienceForm,
  IssuerFacts,
  Mistake,
  Provider,
  ProviderRules,
  RecognisedIssuer,
  TenantForm,
} from './providers/provider.ts';
export {
  audienceChecks,
  providerChecks,
  selfHostedChecks,
} from './providers/provider-options.ts';
