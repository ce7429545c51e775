/** How one kind of provider wants to be asked. */

/** A provider, as its options describe it. Only names and addresses: no request is made. */
export interface Provider {
  /** What `iss` of its callbacks must equal, where it sends one (RFC 9207). */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** The names of these scopes in a request. `refreshes`: the client is to get a refresh token. */
  readonly requestScopes: (scopes: readonly string[], refreshes: boolean) => readonly string[];
  /** The server's own name of a scope that the provider or a challenge wrote. */
  readonly ownScope: (scope: string) => string;
  /** Added to the authorization request, such as `resource` or `audience`. */
  readonly authorizationParameters: (resource: string) => Readonly<Record<string, string>>;
  /** Added to both requests for tokens. */
  readonly tokenParameters: (resource: string) => Readonly<Record<string, string>>;
  /** Whether a refresh needs `scope`. Without it, the provider would issue a token for another API. */
  readonly refreshNeedsScope: boolean;
  /** Whether its tokens also have the scopes that the person allowed this server earlier. */
  readonly addsEarlierScopes: boolean;
}

/** The scope of OpenID Connect that asks for a refresh token. */
export const offlineAccess = 'offline_access';

/** For providers that issue a refresh token for the scope `offline_access`. */
export function withOfflineAccess(
  scopes: readonly string[],
  refreshes: boolean,
): readonly string[] {
  return refreshes ? [...scopes, offlineAccess] : scopes;
}

/** For providers that name scopes as the server does. */
export const asIs = (scope: string): string => scope;

export const nothing = (): Readonly<Record<string, string>> => ({});
export const resourceParameter = (resource: string): Readonly<Record<string, string>> => ({
  resource,
});
