import type { BoundsFault } from '../body/json-bounds.ts';
import type { AuthInfo } from '../caller/auth-info.ts';
import type { ProveSession } from '../sessions/session-owners.ts';
import type { StreamLease } from '../streams/stream-lease.ts';
import type { GateAnswer } from './transport-answers.ts';

/**
 * A parsed body, or the reason why it is refused. `body_consumed`: a body parser in front of the gate has read the
 * bytes and left no JSON value.
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

/** An HTTP request, as a host passes it to the gate. */
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
  /** True if the request has a field that only proxies add, and the host did not read the address from it. */
  readonly ignoresForwarded?: boolean;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /**
   * Whether the request has a body that the handler could read. Only a POST may have one. Default false, for hosts
   * whose handlers cannot read it.
   */
  readonly hasBody?: boolean;
  /**
   * Reads the body. Called at most once: after the gate accepted the token, or for a request without one if the
   * gate has an anonymous list.
   */
  readJson(maximumBytes: number, options?: ReadOptions): Promise<JsonBody>;
}

/** How a body is read. */
export interface ReadOptions {
  /** Stops the reading when it aborts. The promise then rejects. */
  readonly stop?: AbortSignal;
  /** Parses the bytes. Default: as JSON. The host ignores it where a body parser has read the bytes. */
  readonly parse?: ParseBody;
}

/** Parses the bytes of a body. `maximumBytes` is the limit that they were read with. */
export type ParseBody = (bytes: Uint8Array, maximumBytes: number) => JsonBody;

/** An admitted request, and what its host must do with it. */
export interface Admitted {
  readonly pass: true;
  /** `undefined`: the caller is anonymous, and the request is on the anonymous list of the gate. */
  readonly authInfo: AuthInfo | undefined;
  /** The parsed body of a POST, which was authorized. Pass on this value and not the bytes. */
  readonly body: unknown;
  /** Header fields to set on every answer of the server. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Header fields, in lower case, that the server must not see. A name that ends in `-` stands for all that begin
   * with it.
   */
  readonly hiddenFields: readonly string[];
  /** Whether a text contains a copy of the client's token. Such fields must not reach the server. */
  readonly holdsToken: (text: string) => boolean;
  /**
   * The server's own session id: the host puts it in place of the client's `Mcp-Session-Id`.
   * `undefined`: the server must not see that field.
   */
  readonly sessionId: string | undefined;
  /**
   * Returns the client's session id for the `Mcp-Session-Id` of the server's answer. The host replaces the field
   * before it sends the answer. `undefined`: the host removes the field.
   */
  readonly proveSession: ProveSession;
  /**
   * Ends an answer that could outlive the token. The host watches it, or releases it if the request led to no
   * stream. Absent in decisions that a host makes itself.
   */
  readonly lease?: StreamLease;
}

/** The gate's decision about a request. */
export type GateDecision = { readonly pass: false; readonly answer: GateAnswer } | Admitted;
