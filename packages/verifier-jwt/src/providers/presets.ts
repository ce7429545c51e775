import type { TrustedIssuer } from '../issuer/trusted-issuer.ts';
import type { ProviderRules } from './provider.ts';
import type { ProviderOptions } from './provider-options.ts';
import type * as table from './table.ts';
import {
  auth0,
  authentik,
  clerk,
  cognito,
  descope,
  entra,
  firebase,
  google,
  googleIap,
  keycloak,
  logto,
  okta,
  oryHydra,
  ping,
  stytch,
  supabase,
  workos,
  zitadel,
} from './table.ts';
import { trustProvider } from './trust-provider.ts';

type Table = typeof table;
type OptionsOf<Row> = Row extends { describe(options: infer Options): unknown } ? Options : never;

/** A function for each row of the table of providers. */
export type Presets = {
  readonly [Name in keyof Table]: (options: OptionsOf<Table[Name]>) => TrustedIssuer;
};

/** The options of one preset, such as `PresetOptions<'auth0'>`. */
export type PresetOptions<Name extends keyof Presets> = Parameters<Presets[Name]>[0];

/**
 * Issuers to trust, by identity provider: `providers.auth0({ environment, domain, audience })`.
 * The README says what each one needs, and what it refuses.
 */
export const providers: Presets = /* @__PURE__ */ createPresets();

function createPresets(): Presets {
  const rows: Table = {
    auth0,
    authentik,
    clerk,
    cognito,
    descope,
    entra,
    firebase,
    google,
    googleIap,
    keycloak,
    logto,
    okta,
    oryHydra,
    ping,
    stytch,
    supabase,
    workos,
    zitadel,
  };
  const presets = Object.entries<ProviderRules<ProviderOptions>>(rows).map(([name, row]) => [
    name,
    (options: ProviderOptions) => trustProvider(row, options),
  ]);
  return Object.freeze(Object.fromEntries(presets)) as Presets;
}
