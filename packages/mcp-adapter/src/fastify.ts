import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthInfo } from './auth-info.ts';
import { type HostOptions, readTrustedProxyHops } from './client-address.ts';
import { assertGate } from './host-checks.ts';
import type { McpGate } from './mcp-gate.ts';
import { admit, presentRequest, writeAnswer } from './node-http.ts';

export type { HostOptions } from './client-address.ts';

/** Fastify's request, as far as the gate knows it. */
export interface FastifyRequest {
  readonly raw: IncomingMessage;
  auth?: AuthInfo;
}

/** Fastify's reply, as far as the gate knows it. */
export interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/** Fastify's instance, as far as the gate knows it (Fastify 5). */
export interface FastifyInstance {
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
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
 * @throws {ConfigError} When `trustedProxyHops` is no number of proxies.
 */
export function fastifyGate(
  gate: McpGate,
  options: HostOptions = {},
): (instance: FastifyInstance, options: unknown, done: () => void) => void {
  assertGate(gate);
  const hops = readTrustedProxyHops(options);
  const bodies = new WeakMap<IncomingMessage, unknown>();

  async function onRequest({ raw: request }: FastifyRequest, reply: FastifyReply) {
    const decision = await gate.handle(presentRequest(request, reply.raw, hops));
    if (!decision.pass) {
      reply.hijack();
      writeAnswer(request, reply.raw, decision.answer);
      return reply;
    }
    admit(request, reply.raw, decision);
    bodies.set(request, decision.body);
    return undefined;
  }

  function plugin(instance: FastifyInstance, _options: unknown, done: () => void): void {
    instance.addHook('onRequest', onRequest);
    instance.removeAllContentTypeParsers();
    instance.addContentTypeParser('*', ({ raw }, _payload, parsed) => {
      parsed(null, bodies.get(raw));
    });
    done();
  }

  // Without it, Fastify would keep the hook to the plugin's own routes, of which there are none.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}
