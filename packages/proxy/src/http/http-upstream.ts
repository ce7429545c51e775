/** The gate in front of an MCP server that speaks streamable HTTP, in any language. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Secret } from '@sallyport/core';
import { type GatedRequest, isGated } from '@sallyport/mcp-adapter/node';
import { Pool } from 'undici';
import { createAssertionKeys } from '../assertion/assertion-keys.ts';
import { createKeySetHandler } from '../assertion/serve-key-set.ts';
import { createAssertionSigner } from '../assertion/sign-assertions.ts';
import { writeJudgedMessage } from '../json/judged-message.ts';
import { requestIds } from '../json/messages.ts';
import { mayAnswerWithList } from '../lists/filter-lists.ts';
import type { Upstream } from '../upstream.ts';
import { createAnswerOpener } from './answer-opener.ts';
import { exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import { type HttpUpstreamOptions, readHttpUpstreamOptions } from './http-upstream-options.ts';
import { numberTooLong, tooManyRequests, unavailable, writeAnswer } from './proxy-answers.ts';
import { writeRequestFields } from './request-fields.ts';
import { createRequestsUnderWay } from './requests-under-way.ts';
import { createUpstreamReporter } from './upstream-event.ts';
import { createHealthCheck } from './upstream-health.ts';
import { readUpstreamUrl } from './upstream-url.ts';

/** An MCP server behind the gate, reached over HTTP. */
export interface HttpUpstream extends Upstream {
  /**
   * Answers requests for the public keys at `/.well-known/sallyport-assertion-keys.json`, without a token. Put it
   * before the gate, which knows no such document.
   *
   * @returns `false` when the request is for something else. Nothing was answered then.
   */
  serveKeySet(request: IncomingMessage, response: ServerResponse): boolean;
  /**
   * Changes the key that signs, without a restart. The new key stands in the key set at once and signs after 10
   * minutes. The key before stays there for 10 more minutes.
   *
   * @throws {ConfigError} When the secret is no private key of the curve P-256. Nothing changes then.
   */
  replaceAssertionKey(next: Secret): void;
}

// A server on the same network accepts a connection at once, or not at all.
const connectTimeoutMs = 5_000;
const served: ReadonlySet<string> = new Set(['GET', 'POST', 'DELETE']);

/**
 * Puts an MCP server that speaks streamable HTTP behind a gate. Each request carries a signed assertion of who is
 * calling, and neither the client's token nor any field in which the client could name somebody else.
 *
 * It does not check that the server verifies the assertion. A server that others can reach must do so.
 *
 * @example
 * ```ts
 * const upstream = createHttpUpstream({ url: 'http://127.0.0.1:9000/mcp' });
 * createServer(nodeGate(gate, upstream.handle)).listen(8000);
 * ```
 *
 * @throws {ConfigError} When an option is missing, unknown or out of range.
 */
export function createHttpUpstream(given: HttpUpstreamOptions): HttpUpstream {
  const options = readHttpUpstreamOptions(given);
  const { audience = options.url, permits, now = Date.now } = options;
  const { answerTimeoutSeconds = 300, maximumRequests = 1_000 } = options;
  const { origin, path, isExposed } = readUpstreamUrl(options.url);
  const report = createUpstreamReporter(options.onEvent, now);
  const keys = createAssertionKeys({
    key: options.assertionKey,
    published: options.publishedKeys ?? [],
    now,
  });
  const sign = createAssertionSigner({ audience, currentKey: () => keys.current(), now });
  const underWay = createRequestsUnderWay(maximumRequests);
  // The exchange has one deadline for everything. Streams may be silent for hours.
  const dispatcher = new Pool(origin, {
    connect: { timeout: connectTimeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const openAnswer = createAnswerOpener({ permits, securitySchemes: options.securitySchemes });
  const changesLists = permits !== undefined || options.securitySchemes !== undefined;
  let isClosed = false;
  if (options.assertionKey === undefined) report.once('assertion_key_random');
  if (isExposed) report.once('upstream_unencrypted');

  async function handle(
    request: GatedRequest,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const { auth, method } = request;
    if ((auth === undefined && !isGated(request)) || !served.has(method)) {
      report.once('upstream_ungated');
      return writeAnswer(response, unavailable());
    }
    if (isClosed) return writeAnswer(response, unavailable());
    const ids = method === 'POST' ? requestIds(body) : [];
    const text = method === 'POST' ? writeJudgedMessage(body) : null;
    if (text === undefined) return writeAnswer(response, numberTooLong(ids[0]));
    // All anonymous callers count as one.
    const end = underWay.begin(
      JSON.stringify([auth?.extra.issuer, auth?.extra.subject, auth?.clientId]),
    );
    if (end === 'exceeded') return writeAnswer(response, tooManyRequests(ids[0]));
    if (end === 'busy') {
      report.failed({ reason: 'busy' });
      return writeAnswer(response, unavailable(1));
    }
    const isFiltered = changesLists && mayAnswerWithList(method, body);
    try {
      await exchange({
        dispatcher,
        request: {
          origin,
          path,
          method,
          headers: writeRequestFields(request.headers, {
            assertion: auth && sign(auth),
            hasBody: text !== null,
          }),
          body: text,
        },
        asked: { method, expectsAnswer: ids.length > 0 },
        response,
        timeoutMs: answerTimeoutSeconds * 1_000,
        ...openAnswer({ response, ids, caller: auth, isFiltered }),
        failed: (fault) => {
          // A server that stops ends its own requests. That is no outage.
          if (!isClosed) report.failed(auth === undefined ? asAnonymous(fault) : fault);
        },
        answered: report.answered,
      });
    } finally {
      end();
    }
  }

  return {
    handle,
    serveKeySet: createKeySetHandler(keys.keySet),
    replaceAssertionKey: keys.replace,
    health: createHealthCheck({ dispatcher, origin, path, now }),

    async close() {
      isClosed = true;
      await dispatcher.destroy();
    },
  };
}

/** An anonymous caller has no assertion that could be refused. */
function asAnonymous(fault: Fault): Fault {
  return fault.reason === 'credentials_refused' ? { ...fault, reason: 'anonymous_refused' } : fault;
}
