import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { AuthError, createGuard, createScopePolicy } from '@sallyport/core';
import { expect, it } from 'vitest';
import { combineSinks } from '../src/index.ts';
import { createOpenTelemetrySink } from '../src/opentelemetry.ts';
import { setUp } from './lines.ts';

class TestReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const opaque = 'canary-kX3vQ9mZrT7bW2pLhD5nYc8s';
const jwt = `${encode({ alg: 'RS256', kid: 'canary-key-7f3a9' })}.${encode({ sub: 'canary-user-51c2e' })}.c2lnbmF0dXJlLWNhbmFyeS0wMTIz`;

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

it('leaves no twelve characters of a token in lines, spans or metrics (OPS-05)', async () => {
  const { sink: lines, written } = setUp();
  const reader = new TestReader();
  const exporter = new InMemorySpanExporter();
  const telemetry = createOpenTelemetrySink({
    verifiers: ['careless'],
    meterProvider: new MeterProvider({ readers: [reader] }),
    tracerProvider: new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
  });
  const guard = createGuard({
    verifier: {
      name: 'careless',
      verify: (token) => {
        const cause = new Error(`no such token: ${token}`);
        // A verifier of somebody else may well quote a JWT, which the guard cannot know.
        const detail = token === jwt ? `cannot verify ${token}` : 'cannot verify';
        throw new AuthError('token_inactive', { cause, detail });
      },
    },
    rateLimiter: {
      peek: async () => ({ allowed: true, retryAfterSeconds: 0 }),
      countFailure: async () => ({ allowed: true, retryAfterSeconds: 0 }),
    },
    audit: combineSinks({ required: [lines], optional: [telemetry] }),
    scopePolicy: createScopePolicy(),
    resourceMetadataUrl: 'https://mcp.example.com/.well-known/oauth-protected-resource',
    requiredScopes: [],
  });
  for (const token of [opaque, jwt]) {
    await guard.authenticate({
      authorization: [`Bearer ${token}`],
      tokenInQuery: false,
      clientKey: '192.0.2.1',
      signal: new AbortController().signal,
    });
  }
  const spans = exporter.getFinishedSpans();
  const said = JSON.stringify([
    written,
    spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    (await reader.collect()).resourceMetrics,
  ]);

  expect([written.length, spans.length]).toEqual([2, 2]);
  expect(said).toContain('cannot verify [token]');
  expect(
    windowsOf(opaque)
      .concat(windowsOf(jwt))
      .filter((part) => said.includes(part)),
  ).toEqual([]);
});

function windowsOf(text: string): readonly string[] {
  return Array.from({ length: text.length - 11 }, (_, start) => text.slice(start, start + 12));
}
