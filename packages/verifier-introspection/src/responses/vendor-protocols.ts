/** Proprietary endpoints that verify tokens in place of introspection. */
import type { IntrospectionProtocol } from '../introspection-client.ts';
import { isObject } from './introspection-response.ts';

/**
 * Google's tokeninfo for its opaque access tokens. The token is in a header and never in the URL,
 * where logs would record it. `aud` is the client that the token was issued to.
 */
export const googleTokeninfo: IntrospectionProtocol = {
  // A 400 has no other reason, and the members of its body have changed over time.
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
      // In milliseconds. null for a token that does not expire.
      ...(typeof expiration === 'number' && { exp: Math.floor(expiration / 1_000) }),
    };
  },
};
