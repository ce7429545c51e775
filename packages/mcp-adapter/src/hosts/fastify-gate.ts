import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { delayContinue } from '../body/expect-continue.ts';
import type { AuthInfo } from '../caller/auth-info.ts';
import { type HostOptions, readTrustedProxyHops } from '../client-address/client-address.ts';
import type { McpGate } from '../gate/mcp-gate.ts';
import { assertGate } from './host-checks.ts';
import { admit, type HostRequest, presentRequest, writeAnswer } from './node-http.ts';
import { isAdmitted, rememberAdmission } from './second-pass.ts';

/** Fastify's request, as far as the gate knows it. */
export interface FastifyRequest {
  readonly raw: IncomingMessage;
  auth?: AuthInfo;
  body?: unknown;
}

/** Fastify's reply, as far as the gate knows it. */
export interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Fastify's instance, as far as the gate knows it (Fastify 5). */
export interface FastifyInstance {
  /** Path below which the routes of this instance lie. */
  readonly prefix?: string;
  addHook(
    name: 'onRequest' | 'preParsing' | 'preValidation',
    hook: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): unknown;
  addHook(
    name: 'onError',
    hook: (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<unknown>,
  ): unknown;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: '*',
    parser: (
      request: FastifyRequest,
      payload: unknown,
      done: (error: null, body: unknown) => void,
    ) => void,
  ): unknown;
}

/**
 * A plugin for Fastify. Routes of the instance that it is registered with have `request.raw.auth`, the
 * parsed `request.body`, and no `Authorization` header.
 *
 * It reads bodies itself, after their token was found good: other content type parsers of that
 * instance are gone. It answers the metadata address itself, where the instance has a route for it or
 * for all addresses.
 *
 * @example
 * ```ts
 * await app.register(fastifyGate(gate));
 * app.all('/*', async (request, reply) => {
 *   reply.hijack();
 *   await transport.handleRequest(request.raw, reply.raw, request.body);
 * });
 * ```
 *
 * @throws {ConfigError} When `trustedProxyHops` is not a whole number from 0 to 50.
 */
export function fastifyGate(
  gate: McpGate,
  options: HostOptions = {},
): (instance: FastifyInstance, options: unknown, done: () => void) => void {
  assertGate(gate);
  delayContinue();
  const hops = readTrustedProxyHops(options);
  const bodies = new WeakMap<IncomingMessage, unknown>();

  async function onRequest({ raw: request }: FastifyRequest, reply: FastifyReply) {
    if (isAdmitted(request, gate)) {
      bodies.set(request, (request as HostRequest).body);
      return undefined;
    }
    const decision = await gate.handle(presentRequest(request, reply.raw, hops));
    if (!decision.pass) {
      reply.hijack();
      writeAnswer(request, reply.raw, decision.answer);
      return reply;
    }
    if (admit(gate, request, reply.raw, decision) === undefined) {
      reply.hijack();
      return reply;
    }
    rememberAdmission(request, gate);
    bodies.set(request, decision.body);
    return undefined;
  }

  /** A parser that the application adds later would wait forever for the bytes that the gate has read. */
  async function preParsing({ raw }: FastifyRequest) {
    const body = bodies.get(raw);
    return body === undefined ? undefined : writtenAnew(body, raw.headers['content-length']);
  }

  /** A route gets the body that the gate checked, whatever a parser made of it. */
  async function preValidation(request: FastifyRequest) {
    if (bodies.has(request.raw)) request.body = bodies.get(request.raw);
  }

  function plugin(instance: FastifyInstance, _options: unknown, done: () => void): void {
    instance.addHook('onRequest', onRequest);
    instance.addHook('preParsing', preParsing);
    instance.addHook('preValidation', preValidation);
    instance.addHook('onError', async ({ raw }, reply, error) => {
      // A client that disconnects makes its handler fail. The handler is not at fault.
      if (bodies.has(raw) && !reply.raw.destroyed) gate.report.handlerFailed(error);
    });
    if (instance.prefix !== undefined && instance.prefix !== '') {
      gate.report.once('metadata_unreachable');
    }
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', ({ raw }, _payload, parsed) => {
      parsed(null, bodies.get(raw));
    });
    done();
  }

  // Without it, Fastify would keep the hook to the plugin's own routes, of which there are none.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/** A stream of the body that the gate checked. It is serialised only when it is read. */
function writtenAnew(body: unknown, contentLength: string | undefined): Readable {
  const stream = new Readable({
    read() {
      this.push(JSON.stringify(body));
      this.push(null);
    },
  });
  // Fastify compares this with Content-Length, which is that of the bytes on the wire.
  return Object.assign(stream, { receivedEncodedLength: Number(contentLength ?? 0) });
}
