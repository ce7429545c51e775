/** Where an Express application has mounted a gate. */
import type { McpGate } from '../gate/mcp-gate-options.ts';

const gateOf: unique symbol = Symbol('gate');

interface Layer {
  match(path: string): boolean;
  readonly handle?: { readonly stack?: readonly Layer[]; [gateOf]?: McpGate };
  readonly route?: { readonly stack: readonly Layer[] };
}

interface Application {
  readonly parent?: Application;
  /** Express 4. */
  readonly _router?: { readonly stack: readonly Layer[] };
  /** Express 5. In Express 4 the getter throws. */
  readonly router?: { readonly stack: readonly Layer[] };
}

/** The fields that Express adds to a request. */
export interface MountedRequest {
  readonly app?: Application;
  readonly baseUrl?: string;
  readonly route?: unknown;
}

/** Marks middleware, so that {@link isMetadataReachable} finds it. */
export function markMiddleware<Middleware extends object>(
  middleware: Middleware,
  gate: McpGate,
): Middleware {
  return Object.assign(middleware, { [gateOf]: gate });
}

/**
 * Whether requests to the metadata address reach this gate, as far as the application shows it. True for a
 * mount at the root, and where the structure of the application is unknown.
 */
export function isMetadataReachable(request: MountedRequest, gate: McpGate): boolean {
  if ((request.baseUrl ?? '') === '' && request.route === undefined) return true;
  try {
    let { app } = request;
    while (app?.parent !== undefined) app = app.parent;
    const stack = (app?._router ?? app?.router)?.stack;
    if (stack === undefined) return true;
    return stack.some((layer) => layer.match(gate.metadataPath) && leadsTo(layer, gate));
  } catch {
    return true;
  }
}

function leadsTo({ handle, route }: Layer, gate: McpGate): boolean {
  if (handle?.[gateOf] === gate) return true;
  return [route?.stack, handle?.stack].some((stack) =>
    stack?.some((layer) => leadsTo(layer, gate)),
  );
}
