/** Functions and classes of the packages that {@link leakWatch} observes. */

/** By file and declared name. A test checks that each of them exists. */
export const observed = [
  // They receive secrets and tokens.
  'Secret',
  'extractCredentials',
  'describeTokenVerifier',
  'createJwtVerifier',
  'createIntrospectionVerifier',
  'createHybridVerifier',
  'createStaticVerifier',
  'issueToken',
  'mintToken',
  // They produce output.
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
