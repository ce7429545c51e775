/** Bodies of the default limit that take a gate the longest: each is a tool call with one argument. */
const limit = 1_048_576;
const head =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes","arguments":{"a":';
const tail = '}}}';
const room = limit - head.length - tail.length - 100;
const most = 25_000;

const fill = (part: string, bytes = room) =>
  part.repeat(Math.floor(bytes / Buffer.byteLength(part)));
const call = (value: string) => `${head}${value}${tail}`;
const list = (part: string) => call(`[${fill(part)}0]`);
const text = (part: string) => call(`"${fill(part)}"`);
const many = (part: (index: number) => string) => Array.from({ length: most }, (_, at) => part(at));

/** By name: what the body is, and whether the gate accepts it. */
export const bodyShapes: Readonly<Record<string, { body: string; accepted: boolean }>> = {
  'white space': { body: call(`${fill(' ')}0`), accepted: true },
  'one number': { body: call(fill('1')), accepted: true },
  'one string': { body: text('a'), accepted: true },
  'characters of two bytes': { body: text('é'), accepted: true },
  'characters of three bytes': { body: text('語'), accepted: true },
  'escaped quotes': { body: text('\\"'), accepted: true },
  'short strings': { body: list(`"${'a'.repeat(20)}",`), accepted: true },
  'long numbers': { body: list('12345678901234567890,'), accepted: true },
  'most members': { body: call(`{${many((at) => `"member ${at}":0`).join()}}`), accepted: true },
  'most objects': {
    body: call(
      `[${many((at) => `{"${at % 9}":0}`)
        .slice(0, most / 2)
        .join()}]`,
    ),
    accepted: true,
  },
  'too many zeros': { body: list('0,'), accepted: false },
  'too many objects': { body: list('{"a":0},'), accepted: false },
};
