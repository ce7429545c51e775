import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastifyGate,
} from '@sallyport/mcp-adapter/fastify';
import { presentNodeRequest } from './hosts/node-request.ts';
import { isOfOtherGate, mark } from './hosts/overlap.ts';
import {
  type HostParts,
  type HostSettings,
  openProtection,
  type Protection,
} from './protection.ts';
import { named } from './settings/setting-names.ts';
import type { ProtectSettings } from './settings/settings.ts';

/** Settings of `protect` for Fastify. */
export type FastifySettings = ProtectSettings & HostSettings;

/** Fastify's instance, as far as `protect` knows it (Fastify 5). */
export interface ProtectedInstance extends FastifyInstance {
  hasRoute(route: { readonly method: 'GET'; readonly url: string }): boolean;
  route(route: {
    readonly method: 'GET' | 'POST' | 'OPTIONS';
    readonly url: string;
    readonly handler: () => Promise<unknown>;
  }): unknown;
  hasDecorator(name: string): boolean;
  decorate(name: string, value: object): unknown;
}

/** A plugin for Fastify. */
export type ProtectedPlugin = ((
  instance: ProtectedInstance,
  options: unknown,
  done: () => void,
) => void) &
  Protection;

type OnRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const decorator = 'sallyport';

/**
 * A plugin for Fastify. Routes of the instance that it is registered with have `request.raw.auth`, the parsed
 * `request.body`, and no `Authorization` header. It adds the routes of the metadata.
 *
 * @example
 * ```ts
 * await app.register(await protect({ resource, issuer, tools }));
 * ```
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others.
 */
export async function protect(
  settings: FastifySettings | Promise<FastifySettings>,
): Promise<ProtectedPlugin> {
  return openProtection<object, ProtectedPlugin>(settings, { checks: {}, mount });
}

function mount(parts: HostParts<object>): ProtectedPlugin {
  const { composed, trustedProxyHops, isOpen, protection } = parts;
  const { gate } = composed;
  const gated = named(() => fastifyGate(gate, { trustedProxyHops }));

  /** Hooks run only for routes that exist, so the metadata needs some. The gate answers before they run. */
  function addMetadataRoutes(instance: ProtectedInstance): void {
    const root = '/.well-known/oauth-protected-resource';
    // A proxy may have stripped a prefix, and clients differ in a final slash: the gate knows each form.
    for (const url of [gate.metadataPath, root, `${root}/*`, ...(gate.otherPaths ?? [])]) {
      if (instance.hasRoute({ method: 'GET', url })) continue;
      for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
        instance.route({ method, url, handler: async () => undefined });
      }
    }
  }

  function plugin(instance: ProtectedInstance, options: unknown, done: () => void): void {
    const outer: unknown = Reflect.get(instance, decorator);
    if (isOfOtherGate(outer, gate)) gate.report.once('gates_overlap');
    if (!instance.hasDecorator(decorator)) instance.decorate(decorator, mark({}, gate));
    addMetadataRoutes(instance);
    gated(withOpenPaths(instance), options, done);
  }

  /** The same instance, whose hook lets requests for open paths pass. */
  function withOpenPaths(instance: ProtectedInstance): FastifyInstance {
    const addHook = (name: string, hook: OnRequest) =>
      instance.addHook(name as 'onRequest', name === 'onRequest' ? unlessOpen(hook) : hook);
    return new Proxy(instance, {
      get: (target, name) => (name === 'addHook' ? addHook : Reflect.get(target, name, target)),
    });
  }

  const unlessOpen =
    (hook: OnRequest): OnRequest =>
    async (request, reply) =>
      isOpen(presentNodeRequest(request.raw)) ? undefined : hook(request, reply);

  return Object.assign(plugin, gated, protection);
}
