/** A collector: takes OTLP over HTTP, and keeps what it was sent. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Point {
  readonly attributes: readonly Attribute[];
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly count?: number | string;
}

interface Series {
  readonly dataPoints: readonly Point[];
}

interface Metric {
  readonly name: string;
  readonly sum?: Series;
  readonly gauge?: Series;
  readonly histogram?: Series;
}

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
}

interface Exported {
  readonly resourceMetrics?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** One request of an exporter. */
export interface Received {
  readonly path: string;
  readonly contentType: string;
  readonly authorization: string;
  readonly body: Buffer;
}

export async function startReceiver(status = 200) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization = '', 'content-type': contentType = '' } = request.headers;
    const body = Buffer.concat(chunks);
    received.push({ path: request.url ?? '', contentType, authorization, body });
    response.writeHead(status, { 'Content-Type': contentType });
    response.end(contentType === 'application/json' ? '{}' : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const exported = (): Exported[] => received.map(({ body }) => JSON.parse(body.toString()));
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    /** The last of each metric, since counters only grow. */
    metric(name: string) {
      const metrics = exported()
        .flatMap(({ resourceMetrics = [] }) => resourceMetrics)
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      const metric = metrics.findLast((one) => one.name === name);
      const { dataPoints = [] } = metric?.sum ?? metric?.gauge ?? metric?.histogram ?? {};
      return dataPoints.map(({ attributes, asInt, asDouble, count }) => ({
        labels: toRecord(attributes),
        value: Number(asInt ?? asDouble ?? count),
      }));
    },
    spans: () =>
      exported()
        .flatMap(({ resourceSpans = [] }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
        .map((span) => ({ ...span, attributes: toRecord(span.attributes) })),
    resources: () =>
      exported()
        .flatMap(({ resourceMetrics = [], resourceSpans = [] }) => [
          ...resourceMetrics,
          ...resourceSpans,
        ])
        .map(({ resource }) => toRecord(resource.attributes)),
  };
}

function toRecord(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
