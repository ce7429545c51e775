/** What a client learns about a server and its authorization server. */

/** Everything that decides which clients can sign in. */
export interface ServerFacts {
  readonly url: URL;
  /** Whether a stranger is sent to the metadata. */
  readonly hasChallenge: boolean;
  readonly hasMetadata: boolean;
  readonly isResourceExact: boolean;
  readonly isIssuerExact: boolean;
  /** `code_challenge_methods_supported` has S256. */
  readonly hasS256: boolean;
  /** Whether strangers can register (RFC 7591). */
  readonly hasRegistration: boolean;
  /** Whether a client id may be the address of a document. */
  readonly takesDocuments: boolean;
  /** Whether clients without a secret may get tokens. */
  readonly takesPublicClients: boolean;
  /** Whether a page of another origin may read metadata and challenge. */
  readonly isReadableByPages: boolean;
  readonly scopes: readonly string[];
}

/** Whether the address can be reached from the services of others. */
export function isPublic({ protocol, hostname }: URL): boolean {
  const isLocal =
    /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)/.test(hostname) ||
    /\.(?:local|internal|test|localhost)$/.test(hostname) ||
    !hostname.includes('.');
  return protocol === 'https:' && !isLocal;
}
