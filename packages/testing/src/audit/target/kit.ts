/** What the rows of an audit work with: the server as it was found, and the tokens that can be had. */
import type { AuditSettings } from '../options.ts';
import type { DecodedToken, TokenSource } from '../tokens/token-source.ts';
import type { Answer } from '../wire/answer.ts';
import type { AuditRequest, Fields } from '../wire/request.ts';
import type { Challenge } from './challenge.ts';

/** How a call differs from a good one. */
export interface CallChanges {
  /** The value of `Authorization`. `null`: no such field. Default: the good token. */
  readonly authorization?: string | null;
  /** Fields besides those of a good call. A field of a good call with the same name is replaced. */
  readonly fields?: Fields;
  /** Names of fields that are left out. */
  readonly omit?: readonly string[];
  readonly method?: string;
  readonly target?: string;
  /** Default: the message of a good call. */
  readonly body?: string | Uint8Array;
}

/** The server as it was found. */
export interface Target {
  readonly settings: AuditSettings;
  /** The path and the query of the endpoint. */
  readonly path: string;
  /** `Host` of the endpoint. */
  readonly authority: string;
  /** The answer to a good message without credentials. */
  readonly first: Answer;
  readonly challenge: Challenge | undefined;
  /** The address of the metadata on this server, as a path. */
  readonly metadataPath: string;
  /** The answer at that address. */
  readonly metadataAnswer: Answer;
  /** The metadata, if they are a JSON object. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** A message that changes nothing: `initialize`, or `server/discover`. */
  readonly message: Readonly<Record<string, unknown>>;
  /** Whether the server answers everybody. */
  readonly isOpen: boolean;
  readonly speaksHttp2: boolean;
}

/** What a row works with. */
export interface Kit extends Target, TokenSource {
  /** A token that the server accepted. */
  readonly token: string | undefined;
  /** The same in parts, if it is a JWT. */
  readonly jwt: DecodedToken | undefined;
  /** The public key of the test issuer accepts tokens with these texts as secrets only if the server is confused. */
  readonly stranger: { readonly key: import('node:crypto').KeyObject; readonly jwk: object };
  /** A good call with changes. It has the good token, unless the changes say otherwise. */
  call(changes?: CallChanges): AuditRequest;
  /** Sends, and records for the report. */
  send(request: AuditRequest): Promise<Answer>;
}

/** The fields of a good call, without credentials. */
function callFields(authority: string): Fields {
  return [
    ['Host', authority],
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json, text/event-stream'],
  ];
}

/** Makes a call from a good one. */
export function makeCall(
  { path, authority, message }: Pick<Target, 'path' | 'authority' | 'message'>,
  token: string | undefined,
  changes: CallChanges = {},
): AuditRequest {
  const { authorization = token === undefined ? null : `Bearer ${token}`, fields = [] } = changes;
  const { omit = [], method = 'POST', target = path, body } = changes;
  const replaced = new Set([...omit, ...fields.map(([name]) => name)].map(lower));
  const usual = callFields(authority).filter(([name]) => !replaced.has(lower(name)));
  const credentials: Fields = authorization === null ? [] : [['Authorization', authorization]];
  const hasBody = method === 'POST' || body !== undefined;
  return {
    ...{ method, target, fields: [...usual, ...credentials, ...fields] },
    ...(hasBody && { body: body ?? JSON.stringify(message) }),
  };
}

function lower(text: string): string {
  return text.toLowerCase();
}
