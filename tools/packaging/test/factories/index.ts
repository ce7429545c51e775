/** One good call of every factory that a package exports. A factory without a row fails the walk. */

import { loadConfig } from '@sallyport/config';
import { createGuard } from '@sallyport/core';
import { createMemoryReplayStore } from '@sallyport/dpop';
import { anonymousAccess } from '@sallyport/mcp-adapter/anonymous';
import { createMemoryCallQuota, createMemoryRateLimiter } from '@sallyport/rate-limit';
import { hmacSecret, publicKey } from '@sallyport/verifier-jwt';
import { knownProviders } from '@sallyport/verifier-jwt/providers';
import * as part from './parts.ts';
import { providerRows } from './providers.ts';
import type { Row } from './row.ts';

const { environment, ignore, issuer, now, random, resource, wait } = part;
const url = 'https://auth.example.com/path';
const fetched = {
  environment,
  cacheTtlSeconds: 300,
  maximumStaleSeconds: 600,
  timeoutSeconds: 5,
  allowPrivateNetwork: true,
  onKeyEvent: ignore,
  monotonicNow: now,
};
const scopes = {
  tools: { read_note: ['notes:read'] },
  otherTools: ['notes:write'],
  prompts: { summary: ['notes:read'] },
  otherPrompts: ['notes:read'],
  resources: { 'note://1': ['notes:read'] },
  otherResources: ['notes:read'],
  methods: { 'resources/list': ['notes:read'] },
};
const exchange = {
  clientAuthentication: part.clientAuthentication,
  environment,
  timeoutSeconds: 10,
  cache: { maximumTokens: 10 },
  allowPrivateNetwork: true,
  now,
};
const secretBounds = {
  cacheTtlSeconds: 300,
  maximumStaleSeconds: 600,
  timeoutSeconds: 5,
  validate: ignore,
  onEvent: ignore,
  monotonicNow: now,
  wait,
};
const oauthVerifier: Row = {
  good: () => [{ verifier: part.verifier, resource, now }],
  required: { 0: ['verifier', 'resource'] },
};
const sink: Row = {
  good: () => [{ clientId: 'client', secret: random() }],
  required: { 0: ['clientId', 'secret'] },
  also: { secret: ['function'] },
};
const host: Row = {
  good: () => [part.gate(), { trustedProxyHops: 1 }],
  required: { 1: [] },
  optional: [1],
};
const anonymousList: Row = {
  good: () => [{ tools: ['a'], methods: ['b'], challenge: 'http', maximumRequestsPerMinute: 10 }],
  required: { 0: [] },
};
const securitySchemes: Row = {
  good: () => [
    { tools: scopes.tools, anonymous: anonymousAccess({ tools: ['search'] }), requestName: String },
  ],
  required: { 0: ['tools', 'anonymous'] },
};
const signIn = () => ({
  clientId: 'client',
  clientAuthentication: part.clientAuthentication,
  sealingKey: random(),
  allowedClients: ['claude'],
  signInOrigins: ['https://sso.example.com'],
  allowPrivateNetwork: true,
  proxyUrl: 'http://proxy.example.com:3128',
  now,
});
const settings = {
  resource,
  verifier: part.verifier,
  authorizationServers: [issuer],
  tools: scopes.tools,
  environment,
  audit: part.audit,
  onEvent: ignore,
};
const requiredSettings = ['resource', 'verifier', 'authorizationServers', 'tools'];
const hostSettings = { ...settings, trustedProxyHops: 1, openPaths: ['/health'] };
const variables = {
  ENVIRONMENT: 'development',
  FASTMCP_SERVER_AUTH_TYPE: 'none',
  DANGEROUSLY_OMIT_AUTH: 'true',
  RESOURCE_URL: 'http://127.0.0.1:8000/mcp',
};

export const factories: Readonly<Record<string, Row>> = {
  ...providerRows,
  'cached-secrets createCachedSecrets': {
    good: () => [
      {
        name: 'acme',
        subject: 'acme',
        canonicalName: ignore,
        read: ignore,
        remedies: { access_denied: ignore },
        close: ignore,
        ...secretBounds,
      },
    ],
    required: { 0: ['name', 'canonicalName', 'read'] },
  },
  'client-authentication bearerToken': { good: () => [random()], also: { 0: ['function'] } },
  'client-authentication clientSecretBasic': sink,
  'client-authentication clientSecretPost': sink,
  'client-authentication noClientAuthentication': { good: () => ['client'], optional: [0] },
  'client-authentication privateKeyJwt': {
    good: async () => [
      { clientId: 'client', key: await part.signingKey(), keyId: 'a', audience: issuer },
    ],
    required: { 0: ['clientId', 'key', 'audience'] },
  },
  'secrets-aws createAwsSecrets': {
    good: () => [{ region: 'eu-central-1', clientOptions: {}, ...secretBounds }],
    required: { 0: ['region'] },
  },
  'verifier-api-key createApiKeyRegistry': {
    good: () => [
      { resource, secret: random(), previousSecret: random(), store: part.keyStore, now },
    ],
    required: { 0: ['resource', 'secret', 'store'] },
  },
  'verifier-api-key createApiKeyVerifier': {
    good: () => [
      {
        resource,
        secret: random(),
        previousSecret: random(),
        store: part.keyStore,
        maximumKeys: 10,
        onEvent: ignore,
        monotonicNow: now,
      },
    ],
    required: { 0: ['resource', 'secret', 'store'] },
  },
  'verifier-api-key createFileKeyStore': {
    good: () => [{ path: '/keys.json' }],
    required: { 0: ['path'] },
  },
  'verifier-api-key/redis createRedisKeyStore': {
    good: () => [{ client: part.redisKeys, resource, prefix: 'a:', timeoutSeconds: 0.5 }],
    required: { 0: ['client', 'resource'] },
  },
  'verifier-introspection bearerToken': { good: () => [random()], also: { 0: ['function'] } },
  'verifier-introspection clientSecretBasic': sink,
  'verifier-introspection clientSecretPost': sink,
  'verifier-introspection noClientAuthentication': { good: () => ['client'], optional: [0] },
  'verifier-introspection privateKeyJwt': {
    good: async () => [
      { clientId: 'client', key: await part.signingKey(), keyId: 'a', audience: issuer },
    ],
    required: { 0: ['clientId', 'key', 'audience'] },
  },
  'config loadConfig': {
    good: () => [
      variables,
      {
        nodeArguments: [],
        onEvent: ignore,
        awsClientOptions: {},
        gcpClientOptions: {},
        providers: [],
      },
    ],
    required: { 1: [] },
    optional: [1],
    also: { 0: ['object'] },
  },
  'config createGateFromConfig': {
    good: async () => [
      await loadConfig(variables, { nodeArguments: [] }),
      {
        audit: part.audit,
        tools: scopes.tools,
        initialScopes: ['notes:read'],
        resource: variables.RESOURCE_URL,
        onEvent: ignore,
        otherOperations: { otherTools: ['notes:write'] },
      },
    ],
    required: { 1: ['audit', 'tools'] },
    nested: ['otherOperations'],
  },
  'config settingsFrom': {
    good: async () => [
      await loadConfig(variables, { nodeArguments: [] }),
      {
        audit: part.audit,
        tools: scopes.tools,
        initialScopes: ['notes:read'],
        resource: variables.RESOURCE_URL,
        onEvent: ignore,
        otherOperations: { otherTools: ['notes:write'] },
      },
    ],
    required: { 1: ['tools'] },
    nested: ['otherOperations'],
  },
  'core createGuard': {
    good: () => [
      {
        ...part.guardOptions(),
        initialScopes: ['notes:read'],
        senderConstraints: [],
        rules: [part.rule],
        onEvent: ignore,
        now,
        monotonicNow: now,
      },
    ],
    required: {
      0: [
        'verifier',
        'rateLimiter',
        'audit',
        'scopePolicy',
        'resourceMetadataUrl',
        'requiredScopes',
      ],
    },
  },
  'core createReporter': { good: () => [ignore], optional: [0] },
  'core createScopePolicy': {
    good: () => [{ hierarchy: { 'notes:write': ['notes:read'] } }],
    required: { 0: [] },
    optional: [0],
  },
  'core detectEnvironment': { good: () => [{ ENVIRONMENT: 'development' }] },
  'denial createDenialList': {
    good: () => [{ store: part.denialStore, onEvent: ignore, now, monotonicNow: now }],
    required: { 0: ['store'] },
  },
  'denial/file createFileDenialStore': {
    good: () => [{ path: '/etc/sallyport/denied.json' }],
    required: { 0: ['path'] },
  },
  'denial/redis createRedisDenialStore': {
    good: () => [{ client: part.redis, key: 'a:denial' }],
    required: { 0: ['client'] },
  },
  'dpop createDpop': {
    good: () => [
      {
        algorithms: ['ES256'],
        proofLifetimeSeconds: 300,
        required: true,
        replay: createMemoryReplayStore(),
        nonce: { secret: random(), rotationSeconds: 300 },
      },
    ],
    required: { 0: [] },
    nested: ['nonce'],
    optional: [0],
  },
  'dpop createMemoryReplayStore': {
    good: () => [{ maximumEntries: 1_000 }],
    required: { 0: [] },
    optional: [0],
  },
  'dpop createRedisReplayStore': {
    good: () => [
      {
        client: part.redis,
        fallback: createMemoryReplayStore(),
        prefix: 'a:',
        onEvent: ignore,
        monotonicNow: now,
      },
    ],
    required: { 0: ['client'] },
  },
  'guarded-fetch createGuardedFetch': {
    good: () => [
      {
        url,
        environment,
        timeoutSeconds: 1,
        maximumBytes: 100,
        mediaTypes: ['application/json'],
        readStatuses: [400],
        allowPrivateNetwork: true,
        option: 'url',
        resolve: ignore,
      },
    ],
    required: { 0: ['url', 'environment', 'timeoutSeconds'] },
  },
  'mcp-adapter createMcpGate': {
    good: () => [
      {
        resource,
        guard: createGuard(part.guardOptions()),
        authorizationServers: [issuer],
        scopes,
        allowedOrigins: [],
        allowedHosts: ['mcp.example.com'],
        maximumBodyBytes: 1_000,
        sessionSecret: random(),
        maximumStreamsPerCaller: 10,
        streamCheckSeconds: 30,
        exposeToken: false,
        anonymous: anonymousAccess({ tools: ['search'] }),
        onEvent: ignore,
        now,
      },
    ],
    required: { 0: ['resource', 'guard', 'authorizationServers', 'scopes'] },
    nested: ['scopes'],
  },
  'mcp-adapter listScopes': { good: () => [scopes], required: { 0: ['tools'] } },
  'mcp-adapter protectedResourceMetadataUrl': { good: () => [resource] },
  'mcp-adapter writeScopesTable': { good: () => [scopes], required: { 0: ['tools'] } },
  'mcp-adapter/anonymous anonymousAccess': anonymousList,
  'mcp-adapter/anonymous createSecuritySchemes': securitySchemes,
  'mcp-adapter/express expressGate': host,
  'mcp-adapter/fastify fastifyGate': host,
  'mcp-adapter/fetch fetchGate': { good: () => [part.gate(), () => new Response()] },
  'mcp-adapter/hono honoGate': { good: () => [part.gate(), () => '127.0.0.1'] },
  'mcp-adapter/node plainToolGate': {
    good: () => [part.gate(), ignore, { trustedProxyHops: 1, meta: {} }],
    required: { 2: [] },
    optional: [2],
  },
  'landing-page createLandingPage': {
    good: () => [{ serverName: 'notes' }],
    optional: [0],
  },
  'landing-page/development createLiveView': {
    good: () => [{ environment, onLink: ignore, explain: ignore, now, monotonicNow: now }],
    required: { 0: ['environment', 'onLink'] },
  },
  'registration clientSecretBasic': sink,
  'registration clientSecretPost': sink,
  'registration privateKeyJwt': {
    good: async () => [
      { clientId: 'client', key: await part.signingKey(), keyId: 'a', audience: issuer },
    ],
    required: { 0: ['clientId', 'key', 'audience'] },
  },
  'registration cognito': {
    good: () => [{ userPoolId: 'eu-central-1_A', domain: 'https://a.example.com', ...signIn() }],
    required: { 0: ['userPoolId', 'domain', 'clientId'] },
    also: { sealingKey: ['array', 'function'] },
  },
  'registration entra': {
    good: () => [
      {
        tenant: '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f',
        applicationIdUri: 'api://notes',
        authority: 'https://login.microsoftonline.us',
        ...signIn(),
      },
    ],
    required: { 0: ['tenant', 'applicationIdUri', 'clientId'] },
    also: { sealingKey: ['array', 'function'] },
  },
  'registration general': {
    good: () => [
      {
        issuer,
        authorizationEndpoint: url,
        tokenEndpoint: url,
        sendsResource: false,
        sendsOfflineAccess: false,
        ...signIn(),
      },
    ],
    required: { 0: ['issuer', 'authorizationEndpoint', 'tokenEndpoint', 'clientId'] },
    also: { sealingKey: ['array', 'function'] },
  },
  'registration okta': {
    good: () => [
      { issuer: 'https://acme.okta.com/oauth2/default', audience: 'api://default', ...signIn() },
    ],
    required: { 0: ['issuer', 'audience', 'clientId'] },
    also: { sealingKey: ['array', 'function'] },
  },
  'mcp-adapter/node nodeGate': {
    good: () => [part.gate(), ignore, { trustedProxyHops: 1 }],
    required: { 2: [] },
    optional: [2],
  },
  'mcp-adapter/sdk toOAuthTokenVerifier': oauthVerifier,
  'mcp-adapter/server toOAuthTokenVerifier': oauthVerifier,
  'mtls createMtlsConstraint': {
    good: () => [
      { header: 'x-client-cert', format: 'escaped-pem', proxyReplacesHeader: true, required: true },
    ],
    required: { 0: ['header', 'format', 'proxyReplacesHeader'] },
  },
  'proxy createCommandUpstream': {
    good: () => [
      {
        command: 'python',
        args: ['server.py'],
        directory: '.',
        environment: { PATH: '/bin', NOTES_KEY: 'k' },
        variables: ['NOTES_KEY'],
        maximumProcesses: 8,
        maximumProcessesPerCaller: 2,
        maximumMemoryMegabytes: 128,
        maximumMessageBytes: 1_048_576,
        startTimeoutSeconds: 30,
        requestTimeoutSeconds: 300,
        idleSeconds: 900,
        drainSeconds: 5,
        shared: false,
        onEvent: ignore,
        monotonicNow: now,
      },
    ],
    required: { 0: ['command', 'environment'] },
  },
  'proxy createHttpUpstream': {
    good: () => [
      {
        url: 'http://127.0.0.1:9000/mcp',
        audience: 'notes',
        assertionKey: part.assertionKey,
        publishedKeys: [part.assertionKey],
        answerTimeoutSeconds: 60,
        maximumRequests: 100,
        permits: ignore,
        onEvent: ignore,
        now,
      },
    ],
    required: { 0: ['url'] },
  },
  'protect composeGate': {
    good: () => [
      {
        ...settings,
        ...scopes,
        requiredScopes: [],
        initialScopes: ['notes:read'],
        scopeHierarchy: { 'notes:write': ['notes:read'] },
        rateLimiter: createMemoryRateLimiter(),
        quota: createMemoryCallQuota({ calls: 10 }),
        senderConstraints: [],
        maximumTokenBytes: 8_192,
        allowedOrigins: [],
        allowedHosts: ['mcp.example.com'],
        maximumBodyBytes: 1_000,
        sessionSecret: random(),
        maximumStreamsPerCaller: 10,
        streamCheckSeconds: 30,
        exposeToken: false,
        anonymous: anonymousAccess({ tools: ['search'] }),
        metadataAtRoot: true,
        resourceName: 'Notes',
        landingPage: ignore,
        apiKeys: {
          beside: () => part.verifier,
          credentialField: { field: 'x-api-key', authorization: 'either' },
        },
      },
    ],
    required: { 0: requiredSettings },
  },
  'protect/anonymous anonymousAccess': anonymousList,
  'protect/anonymous createSecuritySchemes': securitySchemes,
  'protect/express protect': { good: () => [hostSettings], required: { 0: requiredSettings } },
  'protect/fastify protect': { good: () => [hostSettings], required: { 0: requiredSettings } },
  'protect/fetch protect': {
    good: () => [
      { ...hostSettings, openHandler: () => new Response(), clientAddress: () => '127.0.0.1' },
      () => new Response(),
    ],
    required: { 0: requiredSettings },
  },
  'protect/hono protect': {
    good: () => [{ ...hostSettings, clientAddress: () => '127.0.0.1' }],
    required: { 0: requiredSettings },
  },
  'protect/node protect': {
    good: () => [{ ...hostSettings, openHandler: ignore }, ignore],
    required: { 0: requiredSettings },
  },
  'policy createPolicy': {
    good: () => [ignore, { dryRun: true, onEvent: ignore }],
    required: { 1: [] },
    optional: [1],
  },
  'rate-limit createMemoryCallQuota': {
    good: () => [
      {
        calls: 10,
        windowSeconds: 60,
        tools: { write_note: { calls: 2, windowSeconds: 3_600 } },
        countDiscovery: true,
        maximumCallers: 100,
        monotonicNow: now,
      },
    ],
    required: { 0: ['calls'] },
  },
  'rate-limit createMemoryRateLimiter': {
    good: () => [
      {
        maximumAttempts: 10,
        windowSeconds: 60,
        maximumFailuresPerSecond: 100,
        maximumKeys: 100,
        monotonicNow: now,
      },
    ],
    required: { 0: [] },
    optional: [0],
  },
  'rate-limit-redis connectRedis': {
    good: () => [{ url: 'rediss://127.0.0.1:1', tls: {}, environment, onEvent: ignore }],
    required: { 0: ['url'] },
    needsServer: true,
  },
  'rate-limit-redis createRedisCallQuota': {
    good: () => [
      {
        client: part.redis,
        fallback: createMemoryCallQuota({ calls: 10 }),
        prefix: 'a:',
        timeoutSeconds: 1,
        onEvent: ignore,
        monotonicNow: now,
      },
    ],
    required: { 0: ['client', 'fallback'] },
  },
  'rate-limit-redis createRedisRateLimiter': {
    good: () => [
      {
        client: part.redis,
        fallback: createMemoryRateLimiter(),
        maximumAttempts: 10,
        windowSeconds: 60,
        prefix: 'a:',
        onEvent: ignore,
        monotonicNow: now,
      },
    ],
    required: { 0: ['client', 'fallback'] },
  },
  'secrets-env createEnvSecrets': {
    good: () => [{ variables: {}, environment, onEvent: ignore }],
    required: { 0: ['variables', 'environment'] },
  },
  'secrets-env readEnvFile': { good: () => ['/dev/null'], needsServer: true },
  'secrets-file createFileSecrets': {
    good: () => [{ directory: '/run/secrets', pollSeconds: 10, onEvent: ignore, wait }],
    required: { 0: ['directory'] },
  },
  'secrets-gcp createGcpSecrets': {
    good: () => [{ projectId: 'acme-notes-123456', ...secretBounds, clientOptions: {} }],
    required: { 0: ['projectId'] },
  },
  'secrets-vault createVaultSecrets': {
    good: () => [
      {
        url: 'https://vault.example.com',
        environment,
        authentication: { open: ignore },
        mount: 'secret',
        namespace: 'team',
        allowPrivateNetwork: true,
        ...secretBounds,
      },
    ],
    required: { 0: ['url', 'environment', 'authentication'] },
  },
  'secrets-vault kubernetesLogin': {
    good: () => [{ role: 'notes', mount: 'kubernetes', tokenPath: '/run/token' }],
    required: { 0: ['role'] },
  },
  'secrets-vault vaultToken': { good: () => [random()], also: { 0: ['function'] } },
  'secrets-vault vaultTokenFile': { good: () => ['/run/vault/token'] },
  'telemetry combineSinks': {
    good: () => [{ required: [part.audit], optional: [part.audit], onFailure: ignore }],
    required: { 0: ['required'] },
  },
  'telemetry createCloudLoggingSink': {
    good: () => [{ projectId: 'acme-notes-123456', write: ignore, linesPerSecond: 100, now }],
    required: { 0: [] },
    optional: [0],
  },
  'telemetry/opentelemetry createOpenTelemetrySink': {
    good: () => [{ verifiers: ['jwt'], readings: {}, monotonicNow: now }],
    required: { 0: ['verifiers'] },
  },
  'testing startAuthorizationServer': {
    loose: true,
    good: () => [
      { port: 0, subject: 'a', consent: 'automatic', algorithm: 'ES256', onError: ignore },
    ],
    required: { 0: [] },
    optional: [0],
  },
  'testing startFaultProxy': {
    loose: true,
    good: () => [{ target: { host: '127.0.0.1', port: 1 } }],
    required: { 0: ['target'] },
    nested: ['target'],
  },
  'testing/secret-manager startSecretManager': {
    loose: true,
    good: () => [{}],
    required: { 0: [] },
    optional: [0],
  },
  'testing/aws-secrets-manager startAwsSecretsManager': {
    loose: true,
    good: () => [{}],
    required: { 0: [] },
    optional: [0],
  },
  'testing/vault startVault': { loose: true, good: () => [{}], required: { 0: [] }, optional: [0] },
  'token-exchange createTokenExchange': {
    good: () => [{ ...exchange, url, targets: { files: { audience: 'files', scopes: ['read'] } } }],
    required: { 0: ['clientAuthentication', 'environment', 'url', 'targets'] },
    nested: ['cache'],
  },
  'token-exchange createEntraOnBehalfOf': {
    good: () => [
      {
        ...exchange,
        tenant: '72f988bf-86f1-41af-91ab-2d7cd011db47',
        targets: { graph: { scopes: ['https://graph.microsoft.com/.default'] } },
      },
    ],
    required: { 0: ['clientAuthentication', 'environment', 'tenant', 'targets'] },
    nested: ['cache'],
  },
  'verifier-introspection createHybridVerifier': {
    good: () => [{ jwt: part.verifier, introspection: part.verifier, checkRevocation: true }],
    required: { 0: ['jwt', 'introspection'] },
  },
  'verifier-introspection createIntrospectionVerifier': {
    good: () => [
      {
        audience: resource,
        url,
        environment,
        clientAuthentication: part.clientAuthentication,
        issuer,
        timeoutSeconds: 10,
        clockToleranceSeconds: 60,
        scopeClaims: ['scope'],
        cache: { ttlSeconds: 10, maximumTokens: 10 },
        allowPrivateNetwork: true,
        onEvent: ignore,
        monotonicNow: now,
      },
    ],
    required: { 0: ['audience', 'url', 'environment', 'clientAuthentication', 'issuer'] },
    nested: ['cache'],
    also: { audience: ['array'] },
  },
  'verifier-introspection signedResponse': {
    good: () => [{ issuer, audience: 'client', jwks: part.jwks, algorithms: ['ES256'], now }],
    required: { 0: ['issuer', 'audience', 'jwks', 'algorithms'] },
  },
  'verifier-jwt createJwtVerifier': {
    good: () => [
      {
        issuer,
        issuerAliases: [],
        audience: resource,
        clientIds: ['client'],
        keys: publicKey(part.pem),
        algorithms: ['ES256'],
        singleAudience: true,
        clientIdClaims: ['client_id'],
        requireClientId: true,
        requiredClaims: { token_use: 'access' },
        scopeClaims: ['scope'],
        clockToleranceSeconds: 60,
        maximumLifetimeSeconds: 3_600,
        profile: 'rfc9068',
        cache: { maximumTokens: 10 },
      },
    ],
    required: { 0: ['issuer', 'keys', 'algorithms'] },
    nested: ['cache'],
    also: { audience: ['array'] },
  },
  'verifier-jwt discoverJwks': {
    good: () => [{ ...fetched, issuer, jwksOrigins: [issuer] }],
    required: { 0: ['issuer', 'environment'] },
  },
  'verifier-jwt hmacSecret': {
    good: () => [random(), { encoding: 'utf8' }],
    required: { 1: [] },
    optional: [1],
    also: { 0: ['string'] },
  },
  'verifier-jwt behindGoogleIap': {
    good: () => [
      {
        environment,
        audience: '/projects/123/global/backendServices/456',
        scopes: { 'domain:example.com': ['notes:read'] },
      },
    ],
    required: { 0: ['environment', 'audience', 'scopes'] },
    also: { audience: ['array'] },
  },
  'verifier-jwt grantScopes': {
    good: () => [part.verifier, { 'domain:example.com': ['notes:read'] }],
  },
  'verifier-jwt localJwks': { good: () => [part.jwks] },
  'verifier-jwt publicKey': { good: () => [part.pem] },
  'verifier-jwt remoteJwks': {
    good: () => [{ ...fetched, url }],
    required: { 0: ['url', 'environment'] },
  },
  'verifier-jwt trustProvider': {
    good: () => [
      knownProviders[0],
      {
        environment,
        cacheTtlSeconds: 300,
        monotonicNow: now,
        audience: resource,
        domain: 'acme.eu.auth0.com',
      },
    ],
    required: { 1: ['environment', 'audience', 'domain'] },
    also: { audience: ['array'] },
  },
  'verifier-jwt rotating': {
    good: () => [
      {
        ...{ keys: hmacSecret(random()), graceSeconds: 600, monotonicNow: now },
        previous: { keys: hmacSecret(random()), validSeconds: 60 },
      },
    ],
    required: { 0: ['keys'] },
  },
  'verifier-static createStaticVerifier': {
    good: () => [
      {
        tokens: {
          'a-development-token-of-32-characters': { clientId: 'client', scopes: ['notes:read'] },
        },
        audience: resource,
        environment,
        listenHost: '127.0.0.1',
        issuer,
      },
    ],
    required: { 0: ['tokens', 'audience', 'environment', 'listenHost'] },
  },
};
