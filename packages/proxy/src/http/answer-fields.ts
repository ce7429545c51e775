/** The header fields of the upstream's answer. */

/** `name` in lower case. undici has an array where a field came several times. */
export type AnswerFields = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The fields that reach the client. `Set-Cookie`, `WWW-Authenticate`, `Server`, CORS and hop-by-hop fields do not:
 * the gate decides about sign-in and pages, and Node.js about the connection.
 */
const passing = [
  'cache-control',
  'content-type',
  'mcp-session-id',
  'retry-after',
  'allow',
] as const;

// What Node.js can send.
const sendable = /^[\t\x20-\x7e]*$/;

/** Picks the fields that pass, without those that came twice or cannot be sent. */
export function pickAnswerFields(fields: AnswerFields): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of passing) {
    const value = fields[name];
    if (typeof value === 'string' && sendable.test(value)) picked[name] = value;
  }
  return picked;
}

/** A field that came once. */
function onlyField(fields: AnswerFields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** `Retry-After` in seconds, up to an hour. `undefined` without a usable one. */
export function readRetryAfter(fields: AnswerFields): number | undefined {
  const value = onlyField(fields, 'retry-after');
  if (value === undefined || !/^\d{1,4}$/.test(value)) return undefined;
  return Math.min(Number(value), 3_600);
}

/** The media type in lower case, without parameters. Empty where there is none, or there are several. */
export function mediaType(fields: AnswerFields): string {
  const [essence = ''] = (onlyField(fields, 'content-type') ?? '').split(';', 1);
  return essence.trim().toLowerCase();
}
