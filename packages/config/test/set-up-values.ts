export const prefix = 'FASTMCP_SERVER_AUTH_';

/** A configuration that boots in production. */
export const good: Readonly<Record<string, string>> = {
  ENVIRONMENT: 'production',
  [`${prefix}TYPE`]: 'jwt',
  [`${prefix}JWT_ISSUER`]: 'https://id.acme-corp.dev',
  [`${prefix}JWT_AUDIENCE`]: 'https://notes.acme-corp.dev/mcp',
  [`${prefix}JWT_JWKS_URI`]: 'https://id.acme-corp.dev/jwks',
  [`${prefix}JWT_REQUIRED_SCOPES`]: 'read:data',
};
