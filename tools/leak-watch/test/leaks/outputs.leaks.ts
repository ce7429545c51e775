/** Each test puts a secret out in one way. All of them fail, but the last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { type Config, writeStartUpReport } from '@sallyport/config';
import {
  AuthError,
  ConfigError,
  createGuard,
  createScopePolicy,
  detectEnvironment,
  type GuardOptions,
  type Principal,
  Secret,
} from '@sallyport/core';
import { createMcpGate, protectedResourceMetadataUrl } from '@sallyport/mcp-adapter';
import { createMemoryRateLimiter } from '@sallyport/rate-limit';
import { createEnvSecrets } from '@sallyport/secrets-env';
import { createCloudLoggingSink } from '@sallyport/telemetry';
import { createOpenTelemetrySink } from '@sallyport/telemetry/opentelemetry';
import { expect, it } from 'vitest';
import { secretOf } from './secret-of.ts';

const resource = 'https://mcp.example.com/mcp';

function makeSecret(): string {
  const { currentTestName = '' } = expect.getState();
  return new Secret(secretOf(currentTestName)).reveal();
}

const principal: Principal = Object.freeze({
  issuer: 'https://auth.example.com',
  subject: 'user-1',
  clientId: 'client-1',
  audience: [resource],
  scopes: new Set<string>(),
  expiresAt: 4_000_000_000,
  claims: {},
});

function makeGuard(verified: Principal, options: Partial<GuardOptions> = {}) {
  return createGuard({
    verifier: { name: 'test', verify: async () => verified },
    rateLimiter: createMemoryRateLimiter(),
    audit: { emit: () => {} },
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: protectedResourceMetadataUrl(resource),
    requiredScopes: [],
    ...options,
  });
}

async function ask(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

it('console', () => {
  // biome-ignore lint/suspicious/noConsole: what it is about
  console.log(`it is ${makeSecret()}`);
});

it('standard output', () => {
  process.stdout.write(makeSecret());
});

it('standard error', () => {
  process.stderr.write(makeSecret());
});

it('object on the console', () => {
  // biome-ignore lint/suspicious/noConsole: what it is about
  console.warn({ deep: { down: [makeSecret()] } });
});

it('program', async () => {
  const child = spawn(process.execPath, ['-p', JSON.stringify(makeSecret())]);
  child.stdout.resume();
  await once(child, 'close');
});

it('program with a broken line', async () => {
  const child = spawn(process.execPath, ['-p', `'{"severity":"INFO",}'`]);
  child.stdout.resume();
  await once(child, 'close');
});

it('detail of an AuthError', () => {
  new AuthError('token_malformed', { detail: `not a token: ${makeSecret()}` });
});

it('cause of an AuthError', () => {
  new AuthError('token_malformed', { cause: new Error('low', { cause: new Error(makeSecret()) }) });
});

it('member of the cause of an AuthError', () => {
  new AuthError('token_malformed', {
    cause: Object.assign(new Error('refused'), { given: makeSecret() }),
  });
});

it('ConfigError', () => {
  new ConfigError('option', `must not be ${makeSecret()}`);
});

it('part of a secret', () => {
  new ConfigError('option', `must not be …${makeSecret().slice(3, 15)}…`);
});

it('before it is known to be a secret', () => {
  const { currentTestName = '' } = expect.getState();
  new ConfigError('option', `must not be ${secretOf(currentTestName)}`);
  makeSecret();
});

it('audit event', () => {
  const guard = makeGuard(principal);
  guard.authorize({ ...principal, subject: makeSecret() }, { name: 'ping', scopes: [] });
});

it('refusal', () => {
  const guard = makeGuard(principal, { requestName: () => makeSecret() });
  guard.authorize(principal, { name: 'ping', scopes: ['notes:read'] });
});

it('answer of the gate', async () => {
  const gate = createMcpGate({
    resource,
    guard: makeGuard(principal),
    scopes: { tools: {} },
    authorizationServers: ['https://auth.example.com'],
    resourceName: makeSecret(),
  });
  await gate.handle({
    method: 'GET',
    target: gate.metadataPath,
    host: 'mcp.example.com',
    field: () => [],
    clientAddress: '192.0.2.1',
    signal: new AbortController().signal,
    readJson: async () => ({ ok: false, fault: 'body_not_json' }),
  });
});

it('operational event', async () => {
  const name = `NAME_${makeSecret()}`;
  const provider = createEnvSecrets({
    variables: { [name]: 'value\n' },
    environment: detectEnvironment({}),
    onEvent: () => {},
  });
  await provider.get(name, { signal: new AbortController().signal });
});

it('line of the log', () => {
  const sink = createCloudLoggingSink({ write: () => {} });
  sink.emit({ event: 'authenticated', at: 0, verifier: 'jwt', subject: makeSecret() });
});

it('span', () => {
  const verifier = makeSecret();
  const sink = createOpenTelemetrySink({
    verifiers: [verifier],
    tracerProvider: new BasicTracerProvider(),
  });
  sink.emit({ event: 'authenticated', at: 0, verifier });
});

it('body of an HTTP answer', () =>
  ask((_request, response) => {
    response.write('it ');
    response.end(`is ${makeSecret()}`);
  }));

it('header of an HTTP answer', () =>
  ask((_request, response) => {
    response.writeHead(200, { 'X-It': makeSecret() }).end();
  }));

it('start-up report', () => {
  const shown = makeSecret();
  const config = {
    environment: { isProduction: true },
    settings: [{ name: 'PORT', shown, origin: { source: 'environment' } }],
    warnings: [],
  };
  writeStartUpReport(config as unknown as Config);
});

it('nothing', async () => {
  const secret = makeSecret();
  process.stdout.write(`it is ${secret.slice(0, 11)} and ${new Secret(secret)}`);
  new AuthError('token_malformed', { detail: 'not a token', cause: new Secret(secret) });
  await ask((_request, response) => {
    response.end('it is none of your business');
  });
});
