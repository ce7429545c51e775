/** JSON-RPC messages, as the proxy passes them on between a client and a child process. */

/** An object of JSON. Its members come from strangers. */
export interface JsonObject {
  readonly [name: string]: unknown;
}

/** What a request came to: exactly one of the two. */
export interface Outcome {
  readonly result?: unknown;
  readonly error?: unknown;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member: `constructor` and the like are none. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The parameters' `_meta`. */
export function metaOf(message: JsonObject): JsonObject {
  const meta = member(member(message, 'params'), '_meta');
  return isObject(meta) ? meta : {};
}

/** A copy of the message with other parameters. */
export function withParams(message: JsonObject, params: JsonObject): JsonObject {
  return { ...message, params };
}

/** A copy of the message whose `_meta` has these members besides its own. */
export function withMeta(message: JsonObject, meta: JsonObject): JsonObject {
  const params = member(message, 'params');
  return withParams(message, {
    ...(isObject(params) ? params : {}),
    _meta: { ...metaOf(message), ...meta },
  });
}

export function isRequest(message: JsonObject): boolean {
  return typeof member(message, 'method') === 'string' && member(message, 'id') !== undefined;
}

export function isNotification(message: JsonObject): boolean {
  return typeof member(message, 'method') === 'string' && member(message, 'id') === undefined;
}

/** JSON-RPC 2.0, "Error object". */
export const errorCodes = {
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
} as const;

export function errorMessage(id: unknown, code: number, message: string): JsonObject {
  return { jsonrpc: '2.0', id: id ?? null, error: { code, message } };
}
