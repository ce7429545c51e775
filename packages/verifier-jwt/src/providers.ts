export { reportFrontDoor } from './front-door/report-front-door.ts';
export { frontDoors } from './providers/front-doors.ts';
export { findIssuerMistake, findMistake, findProvider } from './providers/issuer-mistakes.ts';
export { knownProviders } from './providers/known-providers.ts';
export type {
  AudienceForm,
  Mistake,
  Provider,
  ProviderRules,
  RecognisedIssuer,
} from './providers/provider.ts';
export { audienceChecks, providerChecks } from './providers/provider-options.ts';
