/** Functions and classes of the packages that {@link leakWatch} looks on at. */

/** By their names where they are declared. A test holds that each of them is there. */
export const observed = [
  // What secrets are put into, and where tokens come in.
  'Secret',
  'extractCredentials',
  'describeTokenVerifier',
  'createJwtVerifier',
  'createIntrospectionVerifier',
  'createHybridVerifier',
  'createStaticVerifier',
  'issueToken',
  'mintToken',
  // What is put out.
  'AuthError',
  'ConfigError',
  'createGuard',
  'createMcpGate',
  'createCloudLoggingSink',
  'createOpenTelemetrySink',
  'createAwsSecrets',
  'createEnvSecrets',
  'createFileSecrets',
  'createCachedSecrets',
  'createGcpSecrets',
  'createVaultSecrets',
  'createRedisRateLimiter',
  'createCommandUpstream',
  'createHttpUpstream',
  'remoteJwks',
  'discoverJwks',
  'loadConfig',
  'createGateFromConfig',
  'writeStartUpReport',
  'createApiKeyVerifier',
] as const;

/** One of {@link observed}. */
export type Observed = (typeof observed)[number];
