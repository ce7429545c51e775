/** A sign-in, as `protect` sees it. */
import type { Environment, EventListener, RateLimiter } from '@sallyport/core';
import type { McpGate, OperationScopes } from '@sallyport/mcp-adapter';

/** What a sign-in reads of the settings of `protect`, and changes. */
export interface SignInSettings extends OperationScopes {
  readonly resource: string;
  readonly resourceName?: string;
  readonly requiredScopes?: readonly string[];
  readonly scopeHierarchy?: Readonly<Record<string, readonly string[]>>;
  readonly metadataAtRoot?: boolean;
  readonly authorizationServers?: readonly [string, ...string[]] | readonly [];
  readonly authorizationServerMetadata?: Readonly<Record<string, unknown>>;
  readonly developmentTokens?: unknown;
  readonly dangerouslyOmitAuthentication?: unknown;
  readonly landingPage?: (gate: McpGate) => McpGate;
  readonly connect?: (gate: McpGate, onEvent: EventListener) => () => void | Promise<void>;
}

/** What `protect` takes as its setting `signIn`. It returns the settings with the sign-in in them. */
export type SignIn = <Settings extends SignInSettings>(
  settings: Settings,
  context: SignInContext,
) => Settings;

/** What `protect` shares with a sign-in. */
export interface SignInContext {
  readonly environment: Environment;
  readonly onEvent: EventListener;
  /** Counts failures by client address. The sign-in and the gate have one limit together. */
  readonly rateLimiter: RateLimiter;
}
