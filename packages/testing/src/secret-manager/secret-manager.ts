import type { ClientOptions } from 'google-gax';
import type { SecretManagerFault } from './faults.ts';

/** What `SecretManagerServiceClient` of `@google-cloud/secret-manager` needs to be a client of ours. */
export type SecretManagerClientOptions = Required<
  Pick<ClientOptions, 'apiEndpoint' | 'authClient' | 'port' | 'sslCreds'>
>;

/** The requests that a fault affects. */
interface SecretManagerFaultOptions {
  /** Only this secret. Default all. */
  readonly secret?: string;
  /** So many accesses, and then no more. Default all, until `clearFaults`. */
  readonly times?: number;
}

/** A running Secret Manager. Where a version is asked for, it is a number or `latest`. */
export interface SecretManager {
  /** The one project it has. */
  readonly projectId: string;
  /** The port, on 127.0.0.1 only. */
  readonly port: number;
  /** To be given to the constructor of the real client. */
  readonly clientOptions: SecretManagerClientOptions;
  /**
   * Adds a version to a secret, which is created when it is new. The real service takes 64 KiB at
   * most; this takes everything, so that it can be seen what happens then.
   *
   * @returns its number.
   */
  addVersion(secret: string, payload: string | Uint8Array): string;
  /** Disables a version. Accessing it fails with FAILED_PRECONDITION. Default `latest`. */
  disableVersion(secret: string, version?: string): void;
  /** Enables it again. Default `latest`. */
  enableVersion(secret: string, version?: string): void;
  /** Destroys it for good. Default `latest`. */
  destroyVersion(secret: string, version?: string): void;
  /** Deletes a secret with all its versions. */
  deleteSecret(secret: string): void;
  /** Takes the caller's permission away: PERMISSION_DENIED, also for a secret that is not there. */
  deny(secret: string): void;
  /** Gives it back. */
  allow(secret: string): void;
  /** Lets accesses fail. Faults wait in line: the next begins when the one before has had its times. */
  fault(fault: SecretManagerFault, options?: SecretManagerFaultOptions): void;
  /** Ends all faults. Calls that hang go on doing so. */
  clearFaults(): void;
  /** How often versions of a secret, or of any, were accessed; refused accesses count as well. */
  accesses(secret?: string): number;
  /** The most accesses that were under way at once. */
  mostAccessesAtOnce(): number;
  /** Closes the port and ends every call: clients see that the connection breaks. */
  pause(): Promise<void>;
  /** Opens the same port again. */
  resume(): Promise<void>;
  /** Ends the server and everything it has under way. May be called twice. */
  stop(): Promise<void>;
}
