/** Endpoints that do what introspection does, in their own words. */
import type { IntrospectionProtocol } from '../introspection-client.ts';
import { isObject } from './introspection-response.ts';

/**
 * Google's tokeninfo for its opaque access tokens. The token is in a header and never in the URL,
 * where logs would have it. `aud` is the client that the token was issued to.
 */
export const googleTokeninfo: IntrospectionProtocol = {
  // It has no other reason for a 400, and the members of its bodies have changed over time.
  isTokenRefused: isObject,
  question: (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
  read({ json }) {
    if (!isObject(json)) return 'protocol error';
    const { exp, azp, aud, sub, scope, email, email_verified: isVerified } = json;
    // Every answer of Google's has both.
    if (exp === undefined && aud === undefined) return 'protocol error';
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
  isTokenRefused: isObject,
  question: (token) => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ access_token: token }),
  }),
  read({ json }) {
    if (!isObject(json)) return 'protocol error';
    const { subject, client_id: clientId, scopes, revoked, expired, expiration } = json;
    if (revoked === undefined && expired === undefined) return 'protocol error';
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
