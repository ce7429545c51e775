/** Settings for a server behind Identity-Aware Proxy. */
import {
  type CredentialField,
  check,
  checkOptions,
  type EventListener,
  type TokenVerifier,
} from '@sallyport/core';
import { createJwtVerifier } from '../jwt-verifier.ts';
import { googleIap } from '../providers/google-iap.ts';
import type { PresetOptions } from '../providers/presets.ts';
import { trustProvider } from '../providers/trust-provider.ts';
import { grantScopes, type ScopeGrants } from './grant-scopes.ts';
import { reportFrontDoor } from './report-front-door.ts';

/** Settings of `protect` for a server behind a front door. */
export interface FrontDoorSettings {
  readonly verifier: TokenVerifier;
  /** Empty: the front door signs people in, and clients get no tokens for this server. */
  readonly authorizationServers: readonly [];
  readonly credentialField: CredentialField;
  /** Reports `front_door_unchecked`. */
  readonly connect: (gate: unknown, onEvent: EventListener) => () => void;
}

/** Options for {@link behindGoogleIap}: those of `providers.googleIap`, and who gets which scopes. */
export type BehindGoogleIapOptions = PresetOptions<'googleIap'> & {
  /** Who gets which scopes. A caller whom it does not name has none. */
  readonly scopes: ScopeGrants;
};

/**
 * Returns the settings of `protect` for a server behind Google's Identity-Aware Proxy: its assertions are verified,
 * its fields are hidden, and scopes come from a list.
 *
 * It does not check whether the server can be reached around the proxy. The event `front_door_unchecked` says so
 * at the start.
 *
 * @example
 * ```ts
 * const settings = { resource, tools, ...behindGoogleIap({ environment, audience, scopes }) };
 * ```
 * @throws {ConfigError} When an option is missing or wrong.
 */
export function behindGoogleIap(options: BehindGoogleIapOptions): FrontDoorSettings {
  // Assertions of the proxy have no scopes, so the list is required.
  const checks = { ...googleIap.options(), scopes: check.recordOf(check.texts) };
  const { scopes, ...own } = checkOptions('jwt.provider', options, checks);
  return {
    verifier: grantScopes(createJwtVerifier(trustProvider(googleIap, own)), scopes),
    authorizationServers: [],
    credentialField: googleIap.credentialField as CredentialField,

    connect(_gate, onEvent) {
      reportFrontDoor(googleIap, onEvent);
      return () => {};
    },
  };
}
