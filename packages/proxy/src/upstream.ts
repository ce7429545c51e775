/** What both kinds of upstream offer: an MCP server that runs outside of this process. */
import type { GatedHandler } from '@sallyport/mcp-adapter/node';

/** An MCP server behind the gate. */
export interface Upstream {
  /**
   * Answers a request that the gate admitted. It sends on the parsed body, never the client's bytes.
   *
   * @example
   * ```ts
   * createServer(nodeGate(gate, upstream.handle)).listen(8000);
   * ```
   */
  readonly handle: GatedHandler;
  /** Says whether the server is there. It never rejects, and takes at most 5 seconds. */
  health(): Promise<UpstreamHealth>;
  /** Ends all requests and connections. Later requests are answered with 503. */
  close(): Promise<void>;
}

/** Whether an upstream can answer. */
export interface UpstreamHealth {
  readonly isAvailable: boolean;
  /** Why not, as a word of a closed list, such as `connection_refused`. */
  readonly reason?: string;
}
