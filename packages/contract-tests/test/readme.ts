import { contractNowSeconds, describeTokenVerifier } from '@sallyport/contract-tests';
import { AuthError, type Principal, type TokenVerifier } from '@sallyport/core';

const expiresAt = contractNowSeconds + 300;

/** The verifier to be proved. */
function createTicketVerifier(tickets: ReadonlyMap<string, number>): TokenVerifier {
  return {
    name: 'ticket',
    async verify(token, { nowSeconds }): Promise<Principal> {
      const end = tickets.get(token);
      if (end === undefined) throw new AuthError('token_inactive');
      if (nowSeconds >= end) throw new AuthError('token_expired');
      return Object.freeze({
        issuer: 'urn:example:box-office',
        subject: 'visitor',
        clientId: 'visitor',
        audience: Object.freeze(['https://mcp.example.com/mcp']),
        scopes: new Set(['shows:read']),
        expiresAt: end,
        claims: Object.freeze({}),
      });
    },
  };
}

describeTokenVerifier({
  create: () =>
    createTicketVerifier(
      new Map([
        ['row-17-seat-4-tonight', expiresAt],
        ['row-17-seat-4-yesterday', contractNowSeconds - 86_400],
      ]),
    ),
  upstream: 'none',
  tokens: {
    valid: async () => 'row-17-seat-4-tonight',
    expired: async () => 'row-17-seat-4-yesterday',
    tampered: async () => 'row-17-seat-5-tonight',
    garbage: async () => 'a-beer-mat',
    notYetValid: async () => 'row-17-seat-4-tomorrow',
    otherIssuer: async () => 'ticket-of-another-box-office',
    otherAudience: async () => 'ticket-for-another-house',
    withoutAudience: async () => 'ticket-for-no-house-at-all',
    senderConstrained: async () => 'ticket-with-a-name-on-it',
  },
  validUntilSeconds: expiresAt,
});
