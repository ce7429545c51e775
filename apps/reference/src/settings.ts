/** The variables this server reads. Every problem is found before any is reported. */
import { detectEnvironment, type Environment } from '@sallyport/core';
import { type Authentication, prefix, readAuthentication } from './authentication-settings.ts';
import { VariableReader, type Variables } from './variable-reader.ts';

/** A checked configuration. */
export interface Settings {
  readonly environment: Environment;
  readonly host: string;
  readonly port: number;
  /** Public URL of the MCP endpoint. `undefined` in development: the address it listens at. */
  readonly resource: string | undefined;
  readonly authentication: Authentication;
  /** Issuers to name in the metadata. Empty: the issuer of the tokens. */
  readonly authorizationServers: readonly string[];
  readonly requiredScopes: readonly string[];
  /** `undefined` when limiting is switched off. */
  readonly rateLimit: { readonly maxAttempts: number; readonly windowSeconds: number } | undefined;
  readonly notesDatabase: string;
}

// All that this family of servers has. Those for another type of authentication may stay set.
const suffixes = [
  'AUTHORIZATION_SERVERS',
  'INTROSPECTION_AUDIENCE',
  'INTROSPECTION_CACHE_TTL',
  'INTROSPECTION_CLIENT_ID',
  'INTROSPECTION_CLIENT_SECRET',
  'INTROSPECTION_REQUIRED_SCOPES',
  'INTROSPECTION_TIMEOUT',
  'INTROSPECTION_URL',
  'JWT_ALGORITHM',
  'JWT_AUDIENCE',
  'JWT_CLOCK_SKEW',
  'JWT_ISSUER',
  'JWT_JWKS_CACHE_TTL',
  'JWT_JWKS_URI',
  'JWT_PUBLIC_KEY',
  'JWT_REQUIRED_SCOPES',
  'RATE_LIMIT_ENABLED',
  'RATE_LIMIT_MAX_ATTEMPTS',
  'RATE_LIMIT_WINDOW_SECONDS',
  'RESOURCE_URL',
  'SECRET_BACKEND',
  'SECRET_CACHE_TTL',
  'STATIC_TOKENS',
  'TYPE',
] as const;

/**
 * Reads the settings.
 *
 * @throws {AggregateError} Of one `ConfigError` per problem.
 */
export function readSettings(variables: Variables): Settings {
  const read = new VariableReader(variables);
  const environment = read.attempt(() => detectEnvironment(variables)) ?? {
    name: 'production',
    productionSigns: [],
    isProduction: true,
  };
  // What is for development listens to this machine alone.
  const host = environment.isProduction ? '0.0.0.0' : '127.0.0.1';
  const port = read.integer('PORT', { minimum: 0, maximum: 65_535, fallback: 8_000 });
  const kind = read.text(`${prefix}TYPE`) === 'introspection' ? 'INTROSPECTION' : 'JWT';
  const audience = read.text(`${prefix}${kind}_AUDIENCE`);
  const resource =
    read.text(`${prefix}RESOURCE_URL`) ?? defaultResource(environment, audience, read);

  read.refuseUnless(
    'DANGEROUSLY_OMIT_AUTH',
    (value) => value === 'false',
    'must be false or absent: this server has no way to run without authentication. Use FASTMCP_SERVER_AUTH_TYPE=static for development',
  );
  read.refuseUnless(
    `${prefix}SECRET_BACKEND`,
    (value) => value === 'env',
    'must be env: this server does not read Secret Manager itself. Let Cloud Run do it with --set-secrets',
  );
  if (environment.isProduction) {
    read.refuseUnless(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      (value) => value === '1',
      'must not be set: without certificates anybody can be the authorization server. For one of your own, set NODE_EXTRA_CA_CERTS',
    );
  }
  const enabled = read.flag(`${prefix}RATE_LIMIT_ENABLED`, true);
  const rateLimit = {
    maxAttempts: read.integer(`${prefix}RATE_LIMIT_MAX_ATTEMPTS`, {
      minimum: 1,
      maximum: 10_000,
      fallback: 10,
    }),
    windowSeconds: read.integer(`${prefix}RATE_LIMIT_WINDOW_SECONDS`, {
      minimum: 1,
      maximum: 86_400,
      fallback: 60,
    }),
  };
  const settings: Settings = {
    environment,
    host,
    port,
    resource,
    authentication: readAuthentication(read, environment, audience),
    authorizationServers: read.list(`${prefix}AUTHORIZATION_SERVERS`),
    requiredScopes: read.list(`${prefix}${kind}_REQUIRED_SCOPES`),
    rateLimit: enabled ? rateLimit : undefined,
    notesDatabase: read.text('NOTES_DATABASE') ?? ':memory:',
  };
  read.refuseUnknown(prefix, suffixes);
  read.throwProblems();
  return Object.freeze(settings);
}

function defaultResource(
  environment: Environment,
  audience: string | undefined,
  read: VariableReader,
): string | undefined {
  if (!environment.isProduction) return undefined;
  if (audience?.startsWith('https://')) return audience;
  read.problem(
    `${prefix}RESOURCE_URL`,
    'is missing. Set it to the public https URL of the MCP endpoint, such as https://your-service.run.app/mcp',
  );
  return undefined;
}
