import type { Fault } from '../authorization-server/faults.ts';
import type { Fields } from './kv-store.ts';

/** The requests that a fault affects. */
export interface VaultFaultOptions {
  /** Only this path, such as `/v1/secret/data/app`. Default all. */
  readonly path?: string;
  /** So many requests, and then no more. Default all, until `clearFaults`. */
  readonly times?: number;
}

/** A token to be made. */
interface VaultTokenOptions {
  /** Names of policies, besides `default`. */
  readonly policies: readonly string[];
  /** Default 0: it never ends. */
  readonly ttlSeconds?: number;
}

/** A service account's token to be made. */
export interface ServiceAccountTokenOptions {
  readonly serviceAccount: string;
  readonly namespace: string;
  /** Default `https://kubernetes.default.svc`. */
  readonly audience?: string;
  /** Default 3600. */
  readonly ttlSeconds?: number;
}

/** A running Vault. Where a version is asked for, 0 is the newest. */
export interface Vault {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The port, on 127.0.0.1 only. */
  readonly port: number;
  /** May do everything. */
  readonly rootToken: string;
  /** A new version, and a new secret when there was none. Returns its number. */
  put(path: string, fields: Fields): number;
  /** Deletes a version, which can be undone. Default the newest. */
  deleteVersion(path: string, version?: number): void;
  /** Undoes that. Default the newest. */
  undeleteVersion(path: string, version?: number): void;
  /** Destroys a version for good. Default the newest. */
  destroyVersion(path: string, version?: number): void;
  /** Deletes a secret with all its versions and metadata. */
  deleteSecret(path: string): void;
  /** Makes a token. */
  createToken(options: VaultTokenOptions): string;
  /** Revokes a token, or all of them but the root token. */
  revoke(token?: string): void;
  /** A JWT that the cluster of this Vault has signed for a service account. */
  mintServiceAccountToken(options: ServiceAccountTokenOptions): Promise<string>;
  /** Answers everything with 503. */
  seal(): void;
  /** Ends that. */
  unseal(): void;
  /** Sends requests to an active node that is not there, and says 429 of its health. */
  standBy(): void;
  /** Ends that. */
  activate(): void;
  /** Lets requests fail. Faults wait in line: the next begins when the one before has had its times. */
  fault(fault: Fault, options?: VaultFaultOptions): void;
  /** Ends all faults. Requests that hang go on doing so. */
  clearFaults(): void;
  /** How many requests came for a path such as `/v1/secret/data/app`, whatever became of them. */
  hits(path: string): number;
  /** The headers of the latest request for a path. */
  headers(path: string): Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Closes the port and every connection. */
  pause(): Promise<void>;
  /** Opens the same port again. */
  resume(): Promise<void>;
  /** Ends the server and everything it has under way. May be called twice. */
  stop(): Promise<void>;
}
