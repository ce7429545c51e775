/** The requests of every attempt, on connections to one host with one upstream. */
import { encodings, methods, targets } from '../../test/one-reading/requests.ts';
import type { Conversation } from './conversations.ts';
import type { RawRequest, Sender } from './send.ts';

const json = 'Content-Type: application/json';

/** Only HTTP/2 carries these: parsers of HTTP/1.1 refuse them. */
const pseudoMethods = ['post', 'Post', 'POST ', ' POST', 'get', 'PoSt', 'HEAD'];

/** Which of the attempts are sent: those at `index`, when they are dealt out in turn to `of` parts. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

export const whole: Part = { index: 0, of: 1 };

/** The attempts of a part. Every part has each text, each encoding, each method and each target. */
export function listAttempts(
  http: 1 | 2,
  conversation: Conversation,
  { index, of }: Part = whole,
): readonly RawRequest[] {
  const isIn = (row: number, column: number) => (row + column) % of === index;
  const encoded = conversation.texts.flatMap((text, row) =>
    Object.values(encodings)
      .filter((_encoding, column) => isIn(row, column))
      .map(([encode, lines]) => ({
        method: 'POST',
        target: '/mcp',
        lines: combine(lines, conversation.linesOf(text)),
        body: encode(text),
      })),
  );
  const { write } = conversation.messages;
  const body = Buffer.from(write);
  const more = conversation.linesOf(write);
  const addressed = [...methods, ...(http === 2 ? pseudoMethods : [])].flatMap((method, row) =>
    targets
      .filter((_target, column) => isIn(row, column))
      .flatMap((target) =>
        [[json], [json, 'X-HTTP-Method-Override: POST']].map((lines) => ({
          method,
          target,
          lines: [...lines, ...more],
          body,
        })),
      ),
  );
  return [...encoded, ...addressed];
}

/** The lines of an attack, and those of an honest client that it does not replace. */
function combine(lines: readonly string[], honest: readonly string[]): readonly string[] {
  const repeats = lines.some((line) => line.startsWith('Mcp-Method:'));
  return [...lines, ...honest.filter((line) => !(repeats && /^Mcp-(?:Method|Name):/.test(line)))];
}

export interface Outcome {
  readonly sent: number;
  /** How many were answered with 200. */
  readonly accepted: number;
  /** Those with a status that no client should get. */
  readonly odd: readonly string[];
}

/** Sends every attempt of a part, eight at a time. */
export async function attack(
  sender: Sender,
  http: 1 | 2,
  token: string | undefined,
  conversation: Conversation,
  part: Part = whole,
): Promise<Outcome> {
  // DELETE would end the session that the others use.
  const endsSession = ({ method }: RawRequest) =>
    conversation.name === 'in a session' && method.toUpperCase() === 'DELETE';
  const attempts = listAttempts(http, conversation, part).filter(
    (attempt) => !endsSession(attempt),
  );
  const waiting = attempts.values();
  const odd: string[] = [];
  let accepted = 0;
  const work = async () => {
    for (const attempt of waiting) {
      const status = await sender.send(attempt, token);
      if (status === 200) accepted += 1;
      if (status >= 500) odd.push(`${status}: ${attempt.method} ${attempt.body} ${attempt.lines}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return { sent: attempts.length, accepted, odd };
}
