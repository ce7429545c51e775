/** What is inside the sealed values. */

/** A registration. Its sealed form is the `client_id`. */
export interface RegisteredClient {
  readonly redirectUris: readonly string[];
  /** The name that the client gave itself. It is not verified. */
  readonly name: string | undefined;
  /** Whether it registered the grant type `refresh_token`. */
  readonly refreshes: boolean;
}

/** A checked authorization request, which waits for the person's answer. */
export interface PendingRequest {
  /** The digest of the `client_id`. */
  readonly client: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  /** The S256 challenge of the client. */
  readonly challenge: string;
  readonly resource: string;
  /** The server's own names of the scopes. */
  readonly scopes: readonly string[];
  /** Whether the client is to get a refresh token. */
  readonly refreshes: boolean;
}

/** The `state` at the provider: a request that the person of one browser allowed. */
export interface AllowedRequest extends PendingRequest {
  /** Names the cookie. */
  readonly flow: string;
  /** The value of the cookie. */
  readonly browser: string;
}

/** The code for the client, with the provider's code inside. */
export interface SealedCode {
  readonly client: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly refreshes: boolean;
  /** The provider's code. */
  readonly code: string;
}

/** The refresh token for the client, with the provider's refresh token inside. */
export interface SealedRefreshToken {
  readonly client: string;
  readonly redirectUri: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** The provider's refresh token. */
  readonly token: string;
}

const minute = 60;
const day = 24 * 60 * minute;

/** How long each value opens, in seconds. */
export const lifeSeconds: Readonly<
  Record<'client' | 'consent' | 'state' | 'code' | 'refresh', number>
> = {
  client: 365 * day,
  consent: 10 * minute,
  state: 10 * minute,
  code: 2 * minute,
  refresh: 90 * day,
};
