/** Exchanges for the report, without tokens. */
import type { Answer } from '../wire/answer.ts';
import type { AuditRequest } from '../wire/request.ts';
import type { RecordedExchange } from './report.ts';

const longestValue = 160;
const longestBody = 300;
const mostFields = 20;

/**
 * Hides everything that a server could accept: JWTs, the good token, and whatever follows Bearer.
 *
 * @param secrets Texts that never appear.
 */
function hideTokens(text: string, secrets: readonly string[]): string {
  let hidden = text;
  for (const secret of secrets) hidden = hidden.replaceAll(secret, '[token]');
  return hidden
    .replace(/eyJ[\w-]*(?:\.[\w+/=-]*)*/g, '[token]')
    .replace(/(bearer)([ \t]+)[^\s,"\\]{6,}/gi, '$1$2[token]');
}

/** Records what was sent and what came back. */
export function record(
  request: AuditRequest,
  answer: Answer,
  secrets: readonly string[],
): RecordedExchange {
  const { method, target, fields, body, http = 1, requestLine, trailing } = request;
  const first = requestLine ?? `${method} ${target} HTTP/${http === 1 ? '1.1' : '2'}`;
  const head = [first, ...lines(fields)].join('\n');
  const content = body === undefined ? '' : Buffer.from(body as string).toString('utf8');
  const sent = `${head}\n\n${shorten(`${content}${trailing ?? ''}`, longestBody)}`;
  const status = answer.status === 0 ? `(no answer: ${answer.end})` : `${answer.status}`;
  const received = `${[status, ...lines(answer.fields)].join('\n')}\n\n${shorten(answer.body, longestBody)}`;
  return {
    sent: printable(hideTokens(sent, secrets)).trimEnd(),
    received: printable(hideTokens(received, secrets)).trimEnd(),
  };
}

function lines(fields: AuditRequest['fields']): readonly string[] {
  const shown = fields
    .slice(0, mostFields)
    .map(([name, value]) => shorten(name === '' ? value : `${name}: ${value}`, longestValue));
  const others = fields.length - shown.length;
  return others > 0 ? [...shown, `(${others} more fields)`] : shown;
}

function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}

/** One line for each line, in plain ASCII: no escape sequence reaches a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
