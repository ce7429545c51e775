import type { McpGate } from '@sallyport/mcp-adapter';
import { isOfOtherGate } from './overlap.ts';

interface Layer {
  match(path: string): boolean;
  readonly handle?: { readonly stack?: readonly Layer[] };
  readonly route?: { readonly stack: readonly Layer[] };
}

interface Application {
  readonly parent?: Application;
  /** Express 4. */
  readonly _router?: { readonly stack: readonly Layer[] };
  /** Express 5. In Express 4 the getter throws. */
  readonly router?: { readonly stack: readonly Layer[] };
}

/** What Express adds to a request. */
export interface ExpressRequest {
  readonly app?: Application;
  readonly originalUrl?: string;
}

/**
 * Whether the application leads this request to another gate as well, as far as it shows its structure.
 */
export function hasOtherGate({ app, originalUrl = '/' }: ExpressRequest, gate: McpGate): boolean {
  try {
    let root = app;
    while (root?.parent !== undefined) root = root.parent;
    const stack = (root?._router ?? root?.router)?.stack ?? [];
    const [path = '/'] = originalUrl.split('?', 1);
    return stack.some((layer) => layer.match(path) && leadsToOther(layer, gate));
  } catch {
    return false;
  }
}

function leadsToOther({ handle, route }: Layer, gate: McpGate): boolean {
  if (isOfOtherGate(handle, gate)) return true;
  // Inside of routers only what matches everything can be told.
  return route?.stack.some((layer) => isOfOtherGate(layer.handle, gate)) ?? false;
}
