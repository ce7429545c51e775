/** Where an Express application has mounted gates, as far as it shows its structure. */
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
  readonly originalUrl?: string;
  readonly route?: unknown;
}

/** Marks middleware, so that {@link isMetadataReachable} and {@link hasOtherGate} find it. */
export function markMiddleware<Middleware extends object>(
  middleware: Middleware,
  gate: McpGate,
): Middleware {
  return Object.assign(middleware, { [gateOf]: gate });
}

/**
 * Whether requests to the metadata address reach this gate. True for a mount at the root, and where the structure
 * of the application is unknown.
 */
export function isMetadataReachable(request: MountedRequest, gate: McpGate): boolean {
  if ((request.baseUrl ?? '') === '' && request.route === undefined) return true;
  try {
    const stack = stackOf(request);
    if (stack === undefined) return true;
    return stack.some((layer) => layer.match(gate.metadataPath) && leadsTo(layer, gate));
  } catch {
    return true;
  }
}

/**
 * Whether the application leads this request to another gate as well. The second gate would refuse what the first
 * admitted. False where the structure of the application is unknown.
 */
export function hasOtherGate(request: object, gate: McpGate): boolean {
  const { originalUrl = '/' } = request as MountedRequest;
  try {
    const [path = '/'] = originalUrl.split('?', 1);
    const stack = stackOf(request) ?? [];
    return stack.some((layer) => layer.match(path) && leadsToOther(layer, gate));
  } catch {
    return false;
  }
}

/** What the outermost application runs. */
function stackOf(request: MountedRequest): readonly Layer[] | undefined {
  let { app } = request;
  while (app?.parent !== undefined) app = app.parent;
  return (app?._router ?? app?.router)?.stack;
}

function leadsTo({ handle, route }: Layer, gate: McpGate): boolean {
  if (handle?.[gateOf] === gate) return true;
  return [route?.stack, handle?.stack].some((stack) =>
    stack?.some((layer) => leadsTo(layer, gate)),
  );
}

function leadsToOther({ handle, route }: Layer, gate: McpGate): boolean {
  const other = handle?.[gateOf];
  if (other !== undefined && other !== gate) return true;
  // A router is not searched: what its layers match depends on where it is mounted.
  return route?.stack.some((layer) => leadsToOther(layer, gate)) ?? false;
}
