/** What a collector is sent by the program as Cloud Run starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { authErrorAnswers } from '@sallyport/core';
import { labelNames, metricNames } from '@sallyport/telemetry';
import { startAuthorizationServer } from '@sallyport/testing';
import { expect, it, onTestFinished } from 'vitest';
import { describeProgram } from '../src/open-telemetry/open-telemetry-resource.ts';
import { startReceiver } from './otlp-receiver.ts';

const audience = 'https://notes.example.com/mcp';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

/** The program, and an authorization server for it. */
async function setUp(variables: Record<string, string>) {
  const authorizationServer = await startAuthorizationServer({
    resources: [{ resource: audience, scopes: ['read:data', 'write:data'] }],
  });
  onTestFinished(() => authorizationServer.stop());
  const entry = new URL('../dist/main.js', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--unhandled-rejections=strict', entry], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      ENVIRONMENT: 'development',
      FASTMCP_SERVER_AUTH_TYPE: 'jwt',
      FASTMCP_SERVER_AUTH_JWT_ISSUER: authorizationServer.issuer,
      FASTMCP_SERVER_AUTH_JWT_AUDIENCE: audience,
      FASTMCP_SERVER_AUTH_JWT_JWKS_URI: authorizationServer.jwksUri,
      ...variables,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  const heard = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const origin = /http:\/\/localhost:\d+/.exec(output)?.[0];
      if (origin !== undefined && output.includes('Stop with Ctrl+C.')) heard.resolve(origin);
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number);
  const origin = await Promise.race([
    heard.promise,
    exit.then(() => Promise.reject(new Error(`it ended: ${output}`))),
  ]);
  return {
    authorizationServer,
    output: () => output,
    async call(token: string, name: string, headers: Record<string, string> = {}) {
      const { status } = await fetch(`${origin}/tools/call`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify({ name, arguments: { name: 'World' } }),
      });
      return status;
    },
    async stop() {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

it('sends counters, a histogram, gauges and spans of what it decided, when it stops (OPS-06)', async () => {
  const receiver = await startReceiver();
  const { authorizationServer, call, stop } = await setUp({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer of-the-collector',
  });
  const token = await authorizationServer.issueToken({ scopes: ['read:data'] });
  const bad = `${token.slice(0, -6)}AAAAAA`;
  const traceparent = `00-${traceId}-${spanId}-01`;
  const statuses = [
    await call(token, 'hello', { traceparent }),
    await call(token, 'hello'),
    await call(token, 'write_note'),
    await call(bad, 'hello'),
  ];

  expect(statuses).toEqual([200, 200, 403, 401]);
  expect(receiver.received).toEqual([]);
  expect(await stop()).toBe(0);
  expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(receiver.received.map(({ authorization }) => authorization)).toEqual([
    'Bearer of-the-collector',
    'Bearer of-the-collector',
  ]);

  const labels = (event: string, code = 'none') => ({
    [labelNames.event]: event,
    [labelNames.code]: code,
    [labelNames.verifier]: 'jwt',
  });
  expect(receiver.metric(metricNames.decisions)).toEqual([
    { labels: labels('authenticated'), value: 3 },
    { labels: labels('authorized'), value: 2 },
    { labels: labels('refused', 'scope_insufficient'), value: 1 },
    { labels: labels('refused', 'token_signature_invalid'), value: 1 },
  ]);
  expect(receiver.metric(metricNames.verificationDuration)).toEqual([
    { labels: labels('authenticated'), value: 3 },
    { labels: labels('refused', 'token_signature_invalid'), value: 1 },
  ]);
  expect(receiver.metric(metricNames.events)).toContainEqual({
    labels: { [labelNames.event]: 'keys_loaded', [labelNames.severity]: 'INFO' },
    value: 1,
  });
  expect(receiver.metric(metricNames.limiterKeys)).toEqual([{ labels: {}, value: 1 }]);
  expect(receiver.metric(metricNames.cacheHitRatio)).toEqual([{ labels: {}, value: 0.5 }]);
  const [age] = receiver.metric(metricNames.keySetAge);
  expect(age?.value).toBeGreaterThan(0);

  const spans = receiver.spans();
  expect(spans.map(({ name }) => name).sort()).toEqual(
    [
      'authenticated',
      'authenticated',
      'authenticated',
      'authorized',
      'authorized',
      'refused',
      'refused',
    ].map((event) => `sallyport ${event}`),
  );
  const linked = spans.filter((span) => span.traceId === traceId);
  expect(linked.map(({ parentSpanId }) => parentSpanId)).toEqual([spanId, spanId]);
});

it('sends nothing of a token, an address or a person (OPS-05, OPS-08)', async () => {
  const receiver = await startReceiver();
  const { authorizationServer, call, stop } = await setUp({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  const token = await authorizationServer.issueToken({ scopes: ['read:data'] });
  const tokens = [token, `x${token}`, 'kX3vQ9mZrT7bW2pLhD5nYc8s', `${token}.${token}`];
  for (const one of tokens) await call(one, 'hello');
  await call(token, 'made-up-by-a-client');
  await stop();

  const sent = receiver.received.map(({ body }) => body.toString()).join('\n');
  const pieces = tokens.flatMap((one) =>
    Array.from({ length: one.length - 11 }, (_, start) => one.slice(start, start + 12)),
  );
  expect(pieces.filter((piece) => sent.includes(piece))).toEqual([]);
  expect(sent).not.toMatch(/127\.0\.0\.1|made-up-by-a-client|developer/);
  const closed = new Set([
    'authenticated',
    'authorized',
    'refused',
    'none',
    'jwt',
    ...Object.keys(authErrorAnswers),
  ]);
  const values = [...receiver.metric(metricNames.decisions), ...receiver.spans()].flatMap((one) =>
    Object.values('labels' in one ? one.labels : one.attributes),
  );
  expect(values.length).toBeGreaterThan(20);
  expect(values.filter((value) => !closed.has(String(value)))).toEqual([]);
});

it('says what is running, as the standard variables have it', async () => {
  const receiver = await startReceiver();
  const { authorizationServer, call, stop } = await setUp({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
  });
  await call(await authorizationServer.issueToken({ scopes: ['read:data'] }), 'hello');
  await stop();

  const resources = receiver.resources();
  expect(resources).toHaveLength(2);
  for (const resource of resources) {
    expect(resource).toMatchObject({
      'service.name': 'sallyport-reference',
      'deployment.environment.name': 'staging',
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  }
});

it('says what is running, as Cloud Run has it', () => {
  const { attributes } = describeProgram({ K_SERVICE: 'notes', K_REVISION: 'notes-00007-abc' });

  expect(attributes).toMatchObject({
    'service.name': 'notes',
    'service.version': 'notes-00007-abc',
    'cloud.provider': 'gcp',
    'cloud.platform': 'gcp_cloud_run',
    'faas.name': 'notes',
    'faas.version': 'notes-00007-abc',
  });
  expect(Object.keys(describeProgram({}).attributes).join()).not.toMatch(/cloud|faas/);
});

it('sends Protocol Buffers unless told otherwise, and only what is asked for', async () => {
  const receiver = await startReceiver();
  const { authorizationServer, call, stop } = await setUp({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_EXPORTER: 'none',
  });
  await call(await authorizationServer.issueToken({ scopes: ['read:data'] }), 'hello');
  await stop();

  expect(receiver.received).toMatchObject([
    { path: '/v1/metrics', contentType: 'application/x-protobuf' },
  ]);
  expect(receiver.received[0]?.body.includes(metricNames.decisions)).toBe(true);
});

it('answers and stops as ever while the collector is away, and says so', async () => {
  const { authorizationServer, call, stop, output } = await setUp({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  });
  const token = await authorizationServer.issueToken({ scopes: ['read:data'] });
  expect(await call(token, 'hello')).toBe(200);
  const startedAt = performance.now();
  expect(await stop()).toBe(0);

  expect(performance.now() - startedAt).toBeLessThan(9_000);
  expect(output()).toContain('"event":"authorized"');
});

it('writes a line when a collector takes nothing', async () => {
  const receiver = await startReceiver(403);
  const { stop, output } = await setUp({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  });
  while (receiver.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  await stop();

  expect(output()).toContain('"event":"export_failed"');
});
