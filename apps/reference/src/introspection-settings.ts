import { Secret } from '@sallyport/core';
import type { VariableReader } from './variable-reader.ts';

const prefix = 'FASTMCP_SERVER_AUTH_INTROSPECTION_';

/** Tokens that only their issuer can explain (RFC 7662). */
export interface IntrospectionSettings {
  readonly type: 'introspection';
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** `undefined`: the server's own public URL. */
  readonly audience: string | undefined;
  readonly timeoutSeconds: number;
  readonly cacheTtlSeconds: number;
}

/** Problems are left with `read`; what is returned then is never used. */
export function readIntrospection(read: VariableReader): IntrospectionSettings {
  return {
    type: 'introspection',
    url: read.required(
      `${prefix}URL`,
      "Set it to the authorization server's introspection endpoint",
    ),
    clientId: read.required(`${prefix}CLIENT_ID`, 'Set it to the id of this server as a client'),
    clientSecret: new Secret(
      read.required(`${prefix}CLIENT_SECRET`, 'Set it to the secret of this server as a client'),
    ),
    audience: read.text(`${prefix}AUDIENCE`),
    timeoutSeconds: read.integer(`${prefix}TIMEOUT`, { minimum: 1, maximum: 60, fallback: 10 }),
    cacheTtlSeconds: read.integer(`${prefix}CACHE_TTL`, { minimum: 0, maximum: 300, fallback: 0 }),
  };
}
