import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { nodeGate } from '@sallyport/mcp-adapter/node';
import { audit, type AuditReport } from '@sallyport/testing/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { misbehave } from './audit/broken-server.ts';
import { type Defect, defects } from './audit/defects.ts';
import { type AuditedServer, type Host, startHardenedServer } from './audit/hardened-server.ts';

const onNode: Host = (gate, application) => nodeGate(gate, application as never) as RequestListener;

/** Failures, as a person reads them. */
const failures = ({ findings }: AuditReport) =>
  findings
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, title, found }) => `${id} ${title}: ${found}`);

const failed = ({ findings }: AuditReport) =>
  findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);

describe('a server behind our gate', () => {
  it('has grade A on node:http, and no row is left out', async () => {
    const server = await startHardenedServer(onNode);
    try {
      const report = await audit(server.url, server.options);

      expect(failures(report)).toEqual([]);
      expect(report).toMatchObject({ grade: 'A', counts: { 'left-out': 0 } });
      expect(report.counts.pass).toBeGreaterThan(400);
      expect(server.writes()).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('has grade A over HTTP/2', async () => {
    const server = await startHardenedServer(
      onNode,
      (listener) => createHttp2Server(listener as never) as unknown as Server,
    );
    try {
      const report = await audit(server.url, { ...server.options, themes: ['http2'] });

      expect(failures(report)).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

describe('a broken server', () => {
  let server: AuditedServer;
  let defect: Defect | undefined;
  beforeAll(async () => {
    server = await startHardenedServer((gate, application) => {
      const gated = onNode(gate, application);
      return async (request, response) => {
        if (defect !== undefined && (await misbehave(defect, server, request, response))) return;
        gated(request, response);
      };
    });
  });
  afterAll(() => server.close());

  it.each(defects)('is found if it $name', async (broken) => {
    defect = broken;
    const isHanging = broken.name.startsWith('hangs');
    try {
      const report = await audit(server.url, {
        ...server.options,
        rows: broken.found,
        ...(broken.isPublic && { isPublic: true }),
        ...(isHanging && { timeoutMs: 500 }),
      });

      expect(failed(report).sort()).toEqual([...broken.found].sort());
    } finally {
      defect = undefined;
    }
  });
});

describe('a server of Node.js with a wrong setting', () => {
  const readsFirst: Host = (gate, application) => {
    const gated = onNode(gate, application);
    return (request, response) => {
      request.once('end', () => gated(request, response));
      request.resume();
    };
  };
  const http2 = (listener: RequestListener) =>
    createHttp2Server(listener as never) as unknown as Server;

  it.each([
    {
      name: 'has no limit for slow connections',
      found: ['limits-09', 'limits-10'],
      host: onNode,
      listen: (listener: RequestListener) =>
        createServer({ headersTimeout: 0, requestTimeout: 0 }, listener),
    },
    {
      name: 'reads the body before the check',
      found: ['challenge-29'],
      host: readsFirst,
      listen: createServer,
    },
    {
      name: 'asks strangers for the body',
      found: ['challenge-30'],
      host: onNode,
      listen: (listener: RequestListener) =>
        createServer(listener).on('checkContinue', (request, response) => {
          response.writeContinue();
          listener(request, response);
        }),
    },
    {
      name: 'parses HTTP insecurely',
      found: ['smuggling-01'],
      host: onNode,
      listen: (listener: RequestListener) => createServer({ insecureHTTPParser: true }, listener),
    },
    {
      name: 'checks nothing over HTTP/2',
      found: ['http2-02', 'http2-03', 'http2-04'],
      host: (() => (_request, response) => void response.end('{"result":1}')) as Host,
      listen: http2,
    },
  ])('is found if it $name', async ({ found, host, listen }) => {
    const broken = await startHardenedServer(host, listen);
    try {
      const report = await audit(broken.url, { ...broken.options, rows: found, slowSeconds: 2 });

      expect(failed(report).sort()).toEqual(found);
    } finally {
      await broken.close();
    }
  });
});
