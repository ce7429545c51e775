import type { Fault } from './faults.ts';
import type { IssueTokenOptions } from './options.ts';

/** A running authorization server. */
export interface AuthorizationServer {
  /** `http://127.0.0.1:<port>`, as in the `iss` of its tokens. */
  readonly issuer: string;
  /** The port, on 127.0.0.1 only. */
  readonly port: number;
  /** The authorization endpoint, for browsers. */
  readonly authorizationUrl: string;
  /** The token endpoint. */
  readonly tokenUrl: string;
  /** The public keys. */
  readonly jwksUri: string;
  /** RFC 7662. Takes opaque tokens; JWTs are refused with `unsupported_token_type`. */
  readonly introspectionUrl: string;
  /** RFC 7009. Takes opaque tokens and refresh tokens. */
  readonly revocationUrl: string;
  /** RFC 7591. Open to everyone. */
  readonly registrationUrl: string;
  /** How many requests have come for a path, such as `/jwks`; faulty ones count as well. */
  hits(path: string): number;
  /** Lets every request for a path fail from now on. Replaces an earlier fault of that path. */
  fault(path: string, fault: Fault): void;
  /** Ends all faults. Requests that hang go on doing so. */
  clearFaults(): void;
  /**
   * Signs with a new key from now on. Clients, grants and sessions stay.
   *
   * @param options `retireOld` also unpublishes the earlier keys. Default false.
   */
  rotateKeys(options?: { readonly retireOld?: boolean }): Promise<{ readonly kid: string }>;
  /**
   * Signs a token that the server has never issued, for the first resource and with all its scopes.
   *
   * @param claims Added to the claims or put in their place, unchecked; `undefined` leaves one out.
   * @param header The same for the header. Its `alg` must fit the server's key.
   */
  mintToken(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /**
   * Issues a token without the HTTP dance. An opaque one can be introspected and revoked.
   *
   * @throws {TypeError} for an unknown resource, or scopes that cannot be had there.
   */
  issueToken(options: IssueTokenOptions): Promise<string>;
  /** Closes the port and every connection: clients see ECONNREFUSED. */
  pause(): Promise<void>;
  /** Opens the same port again. */
  resume(): Promise<void>;
  /** Ends the server and everything it has under way. May be called twice. */
  stop(): Promise<void>;
}
