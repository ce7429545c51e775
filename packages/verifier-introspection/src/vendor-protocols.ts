/** Endpoints that do what introspection does, in their own words. */
import type { Claims } from '@sallyport/core';
import type { IntrospectionProtocol } from './introspection-client.ts';

/**
 * Google's tokeninfo for its opaque access tokens. The token is in a header and never in the URL,
 * where logs would have it. `aud` is the client that the token was issued to.
 */
export const googleTokeninfo: IntrospectionProtocol = {
  // It has no other reason for a 400, and its bodies have changed over time.
  isTokenRefused: () => true,
  question: (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
  read({ json }) {
    if (!isObject(json)) return 'protocol error';
    const { exp, azp, aud, sub, scope, email, email_verified: isVerified } = json;
    return {
      active: true,
      aud,
      scope,
      // It writes numbers as text.
      exp: typeof exp === 'string' && /^\d+$/.test(exp) ? Number(exp) : exp,
      client_id: azp,
      ...(sub !== undefined && { sub }),
      ...(email !== undefined && { email, email_verified: isVerified }),
    };
  },
};

/** Clerk's verification of OAuth access tokens, with the secret key of the instance. */
export const clerkVerify: IntrospectionProtocol = {
  // The body is always well-formed, so only the token can be at fault. Wrong keys are 401.
  isTokenRefused: () => true,
  question: (token) => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ access_token: token }),
  }),
  read({ json }) {
    if (!isObject(json)) return 'protocol error';
    const { subject, client_id: clientId, scopes, revoked, expired, expiration } = json;
    if (revoked !== false || expired !== false) return undefined;
    return {
      active: true,
      sub: subject,
      client_id: clientId,
      scope: scopes,
      // In milliseconds, and null for one that does not end.
      ...(typeof expiration === 'number' && { exp: Math.floor(expiration / 1_000) }),
    };
  },
};

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
