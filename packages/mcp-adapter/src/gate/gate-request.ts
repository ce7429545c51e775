import type { BoundsFault } from '../body/json-bounds.ts';
import type { AuthInfo } from '../caller/auth-info.ts';
import type { ProveSession } from '../sessions/session-owners.ts';
import type { StreamLease } from '../streams/stream-lease.ts';
import type { GateAnswer } from './transport-answers.ts';

/**
 * How reading a body as JSON ended. `body_consumed`: a body parser in front of the gate has read the
 * bytes and left something that JSON did not come to.
 */
export type JsonBody =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Whether the text was within the bounds before it was parsed. Default false: the gate counts. */
      readonly isBounded?: boolean;
    }
  | {
      readonly ok: false;
      readonly fault: 'body_too_large' | 'body_not_json' | 'body_consumed' | BoundsFault;
    };

/** An HTTP request, as a host presents it. */
export interface GateRequest {
  readonly method: string;
  /** The request target as received: path and query. */
  readonly target: string;
  /**
   * The authority that the request names, as `readAuthority` found it. `undefined` when it names none, or
   * several that differ: the gate answers 400.
   */
  readonly host: string | undefined;
  /**
   * Every value of a header field as received. A host that joins repeated fields returns one value.
   *
   * @param name In lower case.
   */
  field(name: string): readonly string[];
  /** The address of the client, for counting failures. */
  readonly clientAddress: string;
  /** True where a field that only proxies add arrived, and the host did not take the address from it. */
  readonly ignoresForwarded?: boolean;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /**
   * Whether a body comes with the request that the handler could read. Only a POST may have one.
   * Default false, for hosts whose handlers cannot reach it.
   */
  readonly hasBody?: boolean;
  /** Reads the body. Called at most once, and only after the gate accepted the token. */
  readJson(maximumBytes: number): Promise<JsonBody>;
}

/** A request that may go on to the server behind the gate, and what its host owes it. */
export interface Admitted {
  readonly pass: true;
  readonly authInfo: AuthInfo;
  /** The parsed body of a POST: what was authorized. Hand on this, not the bytes. */
  readonly body: unknown;
  /** To be set on the server's answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
  /** Header fields, in lower case, that the server must not see. */
  readonly hiddenFields: readonly string[];
  /** Whether a text holds a copy of the client's token. Fields that do must not reach the server. */
  readonly holdsToken: (text: string) => boolean;
  /**
   * The server's own session id: the host puts it in place of the client's `Mcp-Session-Id`.
   * `undefined`: the server must not see that field.
   */
  readonly sessionId: string | undefined;
  /**
   * Makes the client's session id out of the `Mcp-Session-Id` of the server's answer. The host puts it
   * in its place before a byte of the answer is sent. `undefined`: the answer goes without that field.
   */
  readonly proveSession: ProveSession;
  /**
   * Ends an answer that could outlive the token. The host watches it, or releases it where no stream came
   * of the request. Absent in decisions that a host makes itself.
   */
  readonly lease?: StreamLease;
}

/** What the gate decided. */
export type GateDecision = { readonly pass: false; readonly answer: GateAnswer } | Admitted;
