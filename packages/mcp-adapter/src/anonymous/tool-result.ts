/** A refusal as the result of a tool, for clients that read no HTTP status. */
import { member } from '../body/json-member.ts';
import type { GateAnswer } from '../gate/transport-answers.ts';

/**
 * Turns the challenge of a refusal into a result with `isError` and `_meta["mcp/www_authenticate"]`.
 *
 * @returns `undefined` if the refusal has no challenge, or the body is not one call of a tool: batches, other
 *   methods and notifications are answered over HTTP.
 */
export function toToolResult(refusal: GateAnswer, body: unknown): GateAnswer | undefined {
  const { 'WWW-Authenticate': challenge, ...headers } = refusal.headers;
  const id = member(body, 'id');
  if (challenge === undefined || id === undefined || member(body, 'method') !== 'tools/call') {
    return undefined;
  }
  // A denied token is a bad one, and another 403 does not change with another token.
  const [, error] = /\berror="(\w+)"/.exec(challenge) ?? [];
  if (error === undefined ? refusal.status !== 401 : error !== 'insufficient_scope') {
    return undefined;
  }
  const text = String(member(JSON.parse(refusal.body ?? '{}'), 'error_description'));
  const result = {
    resultType: 'complete',
    content: [{ type: 'text', text }],
    isError: true,
    _meta: { 'mcp/www_authenticate': [withError(challenge, text)] },
  };
  return { status: 200, headers, body: JSON.stringify({ jsonrpc: '2.0', id, result }) };
}

/** The Apps SDK asks for `error` and `error_description`. A challenge for a missing token has neither. */
function withError(challenge: string, text: string): string {
  if (/\berror="/.test(challenge)) return challenge;
  return challenge.replace(
    /^Bearer /,
    `Bearer error="invalid_token", error_description="${text}", `,
  );
}
