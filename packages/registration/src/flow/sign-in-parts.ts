/** What the steps of a sign-in share. */
import type { FindRecipient } from '../clients/allowed-clients.ts';
import type { FlowCookie } from '../http/cookie.ts';
import type { Provider } from '../providers/provider.ts';
import type { Sealing } from '../sealing/sealing.ts';
import type { SignInReporter } from '../sign-in-event.ts';
import type { AskForToken } from '../upstream/ask-for-token.ts';
import type { GuessLimit } from './guess-limit.ts';

/** Parts that stay the same for every request. */
export interface SignInParts {
  /** The exact issuer string of this server. The endpoints lie below it. */
  readonly issuer: string;
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  /** What people call the server. */
  readonly serverName: string;
  /** Every scope that a client may ask for, by the server's own name. */
  readonly scopes: ReadonlySet<string>;
  /** What a request without `scope` asks for. */
  readonly defaultScopes: readonly string[];
  readonly provider: Provider;
  /** This server's `client_id` at the provider. */
  readonly clientId: string;
  readonly findRecipient: FindRecipient;
  readonly sealing: Sealing;
  readonly cookie: FlowCookie;
  /** Further origins that the provider redirects through before it shows a page. */
  readonly signInOrigins: readonly string[];
  readonly askForToken: AskForToken;
  readonly guesses: GuessLimit;
  readonly report: SignInReporter;
  /** Clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** The address that the provider knows. */
export const callbackUrl = ({ issuer }: { readonly issuer: string }): string =>
  `${issuer}/callback`;

/**
 * Whether a `resource` parameter names this server (RFC 8707 §2). At the root of an origin, clients that parse the URL
 * add a slash.
 */
export function isOwnResource(given: string | undefined, resource: string): boolean {
  if (given === undefined || given === resource) return true;
  return new URL(resource).pathname === '/' && given === `${resource}/`;
}

/** Reads `scope` into the server's own names. `undefined`: one of them is not a scope of this server. */
export function readScopes(
  given: string,
  { scopes, provider }: Pick<SignInParts, 'scopes' | 'provider'>,
): readonly string[] | undefined {
  const names = given.split(' ').map(provider.ownScope);
  return names.every((name) => scopes.has(name)) ? [...new Set(names)] : undefined;
}
