/** Algorithms that the server can sign with. `EdDSA` is Ed25519. */
export type SigningAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

/** Format of an access token: RFC 9068, or a reference that only introspection explains. */
export type AccessTokenFormat = 'jwt' | 'opaque';

/** A resource server that tokens are issued for (RFC 8707). */
export interface ProtectedResource {
  /** The resource indicator: an absolute URI without a fragment. Tokens have it as `aud`, verbatim. */
  readonly resource: string;
  /** Every scope the resource knows. May be empty. */
  readonly scopes: readonly string[];
  /** Default `jwt`. */
  readonly accessTokenFormat?: AccessTokenFormat;
  /** Life of its access tokens, in whole seconds. Default 3600. */
  readonly accessTokenTtlSeconds?: number;
}

/** A client that the server knows from the start. */
export interface StaticClient {
  /** The `client_id`: visible ASCII. */
  readonly clientId: string;
  /**
   * Makes the client confidential: it may use client credentials, introspect any token, and sign
   * in by HTTP Basic or, when the secret is ASCII, in the body. Default none: a public client.
   */
  readonly clientSecret?: string;
  /** Where answers may go. A client without any has no authorization code flow. Default none. */
  readonly redirectUris?: readonly string[];
  /** Scopes that the client can get, as far as a resource knows them. Default all. */
  readonly scopes?: readonly string[];
}

/** Options for `startAuthorizationServer`. */
export interface AuthorizationServerOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /**
   * Resources, at least one. The first is meant where a client names none. Default
   * `http://127.0.0.1:8000/mcp` with the scopes `notes:read` and `notes:write`.
   */
  readonly resources?: readonly ProtectedResource[];
  /** Clients that need not register. Default none. */
  readonly clients?: readonly StaticClient[];
  /** The subject that signs in, unless a person changes it on the page. Default `developer`. */
  readonly subject?: string;
  /** `page` asks a person; `automatic` allows everything at once. Default `page`. */
  readonly consent?: 'page' | 'automatic';
  /** Signs access tokens and ID tokens. Default `RS256`. */
  readonly algorithm?: SigningAlgorithm;
  /** Receives each error that the server answered with 500. Default: errors are dropped, and never printed. */
  readonly onError?: (error: unknown) => void;
}

/** Which token `issueToken` issues. */
export interface IssueTokenOptions {
  /** Scopes that the resource knows. */
  readonly scopes: readonly string[];
  /** Default the first resource. */
  readonly resource?: string;
  /** An unknown client is registered as a public one. Default `sallyport-testing`. */
  readonly clientId?: string;
  /** The subject of a token of the authorization code grant. Default: the option `subject`. */
  readonly subject?: string;
  /** `client_credentials` issues a token of the client's own, without a person. Default `authorization_code`. */
  readonly grantType?: 'authorization_code' | 'client_credentials';
  /** Default the format of the resource. */
  readonly format?: AccessTokenFormat;
}
