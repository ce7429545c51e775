/** `GET /mcp/tools/list` and `POST /tools/call`, for people with curl, behind the same gate. */
import type { McpGate } from '@sallyport/mcp-adapter';
import { plainToolGate } from '@sallyport/mcp-adapter/node';
import type { Upstream } from '@sallyport/proxy';
import { callOnce } from './call-once.ts';

/** What the answers are made with. */
export interface CurlOptions {
  readonly gate: McpGate;
  readonly upstream: Pick<Upstream, 'handle'>;
  readonly trustedProxyHops: number;
}

/**
 * Makes the two answers.
 *
 * @returns `undefined` for every other request.
 */
export function createCurlAnswers({
  gate,
  upstream,
  trustedProxyHops,
}: CurlOptions): ReturnType<typeof plainToolGate> {
  return plainToolGate(
    gate,
    async (request, response, body) => {
      const { status, result, error } = await callOnce(upstream, request, body as object);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(error === undefined ? result : { error }));
    },
    { trustedProxyHops },
  );
}
