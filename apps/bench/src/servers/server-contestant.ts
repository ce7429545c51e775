import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Issuer } from '../tokens/issuer.ts';
import type { Line, ToolName } from './tool-call.ts';

/** Whose tokens a server takes: what it is told of the issuer. */
export type PublicIssuer = Pick<Issuer, 'jwk' | 'keyText'>;

/** An MCP server, as somebody would put one together. */
export interface ServerContestant {
  readonly name: string;
  readonly line: Line;
  /** Whether it refuses a request without a good token. */
  readonly checksTokens: boolean;
  /** Whether requests belong to a session, which begins with `initialize`. Default false. */
  readonly hasSessions?: boolean;
  /** Default `hello`. */
  readonly tool?: ToolName;
  /** Listens at `/mcp` of any free port of 127.0.0.1. */
  listen(issuer: PublicIssuer): Promise<Listening>;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a server that is not listening yet. */
export async function listenOn(server: Server): Promise<Listening> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
