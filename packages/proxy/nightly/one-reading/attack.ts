/** The requests of every attempt, on a connection to one host with one upstream. */
import { encodings, methods, targets, texts, write } from '../../test/one-reading/requests.ts';
import type { RawRequest, Sender } from './send.ts';

const json = 'Content-Type: application/json';

/** Only HTTP/2 carries these: parsers of HTTP/1.1 refuse them. */
const pseudoMethods = ['post', 'Post', 'POST ', ' POST', 'get', 'PoSt', 'HEAD'];

/** Every attempt once. */
export function listAttempts(http: 1 | 2): readonly RawRequest[] {
  const encoded = texts.flatMap((text) =>
    Object.values(encodings).map(([encode, lines]) => ({
      method: 'POST',
      target: '/mcp',
      lines,
      body: encode(text),
    })),
  );
  const addressed = [...methods, ...(http === 2 ? pseudoMethods : [])].flatMap((method) =>
    targets.flatMap((target) =>
      [[json], [json, 'X-HTTP-Method-Override: POST']].map((lines) => ({
        method,
        target,
        lines,
        body: Buffer.from(write),
      })),
    ),
  );
  return [...encoded, ...addressed];
}

/**
 * Sends every attempt, with each set of further fields, such as those of a session.
 *
 * @returns How many were sent, and those with a status that no client should get.
 */
export async function attack(
  sender: Sender,
  http: 1 | 2,
  token: string | undefined,
  conversations: readonly (readonly string[])[],
): Promise<{ readonly sent: number; readonly odd: readonly string[] }> {
  const attempts = listAttempts(http);
  const all = conversations.flatMap((more) =>
    attempts
      // DELETE would end the session that the others use.
      .filter(({ method }) => more.length === 0 || method.toUpperCase() !== 'DELETE')
      .map((attempt) => ({ ...attempt, lines: [...attempt.lines, ...more] })),
  );
  const waiting = all.values();
  const odd: string[] = [];
  const work = async () => {
    for (const attempt of waiting) {
      const status = await sender.send(attempt, token);
      if (status >= 500) odd.push(`${status}: ${attempt.method} ${attempt.body} ${attempt.lines}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return { sent: all.length, odd };
}
