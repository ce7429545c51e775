/** Bodies that cost a gate the most: nearly each is a tool call with one argument. */
export interface BodyShape {
  readonly bytes: Buffer;
  readonly isAccepted: boolean;
}

const head =
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes","arguments":{"a":';
const parameters = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes",';
const tail = '}}}';
// A little less than the gate accepts (50,000 values and names), with two for each member.
const mostMembers = 24_000;

/** By name, each nearly as large as `limit` says. Unit: bytes. */
export function createBodyShapes(limit: number): Readonly<Record<string, BodyShape>> {
  const room = limit - head.length - tail.length - 100;
  const fill = (part: string, bytes = room) =>
    part.repeat(Math.floor(bytes / Buffer.byteLength(part)));
  const shape = (text: string, isAccepted = true) => ({ bytes: Buffer.from(text), isAccepted });
  const call = (value: string, isAccepted = true) => shape(`${head}${value}${tail}`, isAccepted);
  const list = (part: string, isAccepted = true) => call(`[${fill(part)}0]`, isAccepted);
  const text = (part: string) => call(`"${fill(part)}"`);
  const members = Array.from(
    { length: Math.min(mostMembers, Math.floor(room / 20)) },
    (_, at) => `"member ${at}":0`,
  );
  // Each object has a different shape. V8 remembers all of them.
  const newNames = Array.from(
    { length: Math.min(mostMembers / 2, Math.floor(room / 16)) },
    (_, at) => `{"${at}":0}`,
  );
  // At 1 MiB, short elements are more than the gate accepts.
  const isShort = limit < 200_000;

  return {
    'white space': call(`${fill(' ')}0`),
    'numbers in indented lines': list(`\n${' '.repeat(24)}1,`),
    'white space of all kinds': list(`\n\t\r${' '.repeat(17)}0,`),
    'one number': call(fill('1')),
    'long numbers': list('12345678901234567890,'),
    'numbers of 15 digits': list('123456789012345,', isShort),
    'one string': text('a'),
    'characters of two bytes': text('é'),
    'characters of three bytes': text('語'),
    'escaped quotes': text('\\"'),
    'strings of 40 characters': list(`"${'a'.repeat(40)}",`),
    'strings of 66 characters': list(`"${'a'.repeat(66)}",`),
    'empty strings': list('"",', isShort),
    'most members': call(`{${members.join()}}`),
    'most members of parameters': shape(`${parameters}${members.join()}}}`),
    literals: list('true,null,false,', isShort),
    zeros: list('0,', isShort),
    'objects of one new name': call(`[${newNames.join()}]`),
    'small objects': list('{"a":0},', isShort),
    'not JSON from the third byte on': shape(fill('"" '), false),
    'not JSON at its end': call(`"${fill('a')}`, false),
  };
}
