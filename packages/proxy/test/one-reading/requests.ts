/** Requests that hide a write from the gate, so that a server behind it finds the write. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** The messages that attacks are made of. */
export interface Messages {
  /** A call of the tool that a token for reading must not reach. */
  readonly write: string;
  /** A call of the tool that it may reach. */
  readonly read: string;
  readonly ping: string;
}

/** @param meta The `_meta` of each message. The revision without sessions requires one. */
export function createMessages(meta?: object): Messages {
  const member = meta === undefined ? '' : `"_meta":${JSON.stringify(meta)}`;
  const more = member && `,${member}`;
  const params = member && `,"params":{${member}}`;
  const write = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","arguments":{}${more}}}`;
  return {
    write,
    read: write.replace('delete', 'read'),
    ping: `{"jsonrpc":"2.0","id":1,"method":"ping"${params}}`,
  };
}

/** Messages of the revisions with sessions. */
export const messages: Messages = createMessages();

/** Texts in which some parser finds the write. */
export const listTexts = ({ write, read, ping }: Messages): readonly string[] => [
  write,
  // Honest, but the fields of the request may say something else.
  read,
  ping,
  ` \t\r\n${write}\n`,
  `\ufeff${write}`,
  `[${write}]`,
  `[${read},${write}]`,
  `[${ping},${write}]`,
  `[[${write}]]`,
  `${read}\n${write}`,
  `${read}${write}`,
  `${read}\u0000${write}`,
  `${read}//${write}`,
  `{"a":${write}}`,
  `{"jsonrpc":"2.0","id":1,"result":{},"method":"tools/call","params":{"name":"delete"}}`,
  `{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":${write}}`,
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","__proto__":{"name":"delete"}}}`,
  // A member twice: parsers take the first, the last, or both.
  write.replace('"name":"delete"', '"name":"delete","name":"read"'),
  write.replace('"name":"delete"', '"name":"read","name":"delete"'),
  write.replace('"name":"delete"', '"name":"read","n\\u0061me":"delete"'),
  write.replace('"name":"delete"', '"NAME":"delete","name":"read"'),
  write.replace('"method":"tools/call"', '"method":"tools/call","method":"ping"'),
  write.replace('"method":"tools/call"', '"method":"ping","method":"tools/call"'),
  write.replace('"params":', '"params":{"name":"read"},"params":'),
  read.replace('"params":', '"params":{"name":"delete"},"params":'),
  // Parsers of Go and .NET ignore the letter case of members.
  ...['NAME', 'Name', 'nAmE'].flatMap((name) => [
    write.replace('"name":"delete"', `"name":"read","${name}":"delete"`),
    write.replace('"name":"delete"', `"${name}":"delete"`),
  ]),
  ...['METHOD', 'Method'].flatMap((name) => [
    write.replace('"method":"tools/call"', `"method":"ping","${name}":"tools/call"`),
    write.replace('"method":"tools/call"', `"result":{},"${name}":"tools/call"`),
  ]),
  write.replace('"params":', '"params":{"name":"read"},"Params":'),
  write.replace('"params":', '"param\u017f":'),
  // Other spellings of the name.
  write.replace('"delete"', '"\\u0064elete"'),
  write.replace('"delete"', '"delete\\u0000"'),
  write.replace('"delete"', '"delete "'),
  write.replace('"delete"', '"DELETE"'),
  write.replace('"delete"', '["delete"]'),
  write.replace('"delete"', '{"toString":"delete"}'),
  write.replace('tools/call', 'tools\\/call'),
  write.replace('tools/call', 'TOOLS/CALL'),
  write.replace('"2.0"', '2.0'),
  write.replace('"2.0"', '"2.00"'),
  write.replace('"id":1', '"id":null'),
  write.replace('"id":1,', ''),
];

/** How the bytes of a text are sent. */
export const encodings: Readonly<
  Record<string, readonly [(text: string) => Buffer, readonly string[]]>
> = {
  'UTF-8': [Buffer.from, ['Content-Type: application/json']],
  'UTF-8 that says UTF-16': [Buffer.from, ['Content-Type: application/json; charset=utf-16']],
  'UTF-8 that says UTF-7': [Buffer.from, ['Content-Type: application/json; charset=utf-7']],
  'UTF-16': [
    (text) => Buffer.from(text, 'utf16le'),
    ['Content-Type: application/json; charset=utf-16'],
  ],
  'plain text': [Buffer.from, ['Content-Type: text/plain']],
  'a form': [Buffer.from, ['Content-Type: application/x-www-form-urlencoded']],
  'UTF-16 that says nothing': [
    (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
    ['Content-Type: application/json'],
  ],
  'UTF-16 with the high byte first': [
    (text) => Buffer.from(text, 'utf16le').swap16(),
    ['Content-Type: application/json; charset=utf-16be'],
  ],
  'UTF-7': [
    (text) => Buffer.from(text.replaceAll('"', '+ACI-')),
    ['Content-Type: application/json; charset=utf-7'],
  ],
  'a part of a form': [
    (text) =>
      Buffer.from(`--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n${text}\r\n--b--\r\n`),
    ['Content-Type: multipart/form-data; boundary=b'],
  ],
  deflate: [
    (text) => deflateSync(text),
    ['Content-Type: application/json', 'Content-Encoding: deflate'],
  ],
  brotli: [
    (text) => brotliCompressSync(text),
    ['Content-Type: application/json', 'Content-Encoding: br'],
  ],
  'two types': [Buffer.from, ['Content-Type: text/plain', 'Content-Type: application/json']],
  'no type': [Buffer.from, []],
  gzip: [(text) => gzipSync(text), ['Content-Type: application/json', 'Content-Encoding: gzip']],
  'gzip in name only': [Buffer.from, ['Content-Type: application/json', 'Content-Encoding: gzip']],
  'another method in a field': [
    Buffer.from,
    ['Content-Type: application/json', 'X-HTTP-Method-Override: DELETE'],
  ],
  'fields that say ping': [Buffer.from, ['Content-Type: application/json', 'Mcp-Method: ping']],
  'fields that say delete': [
    Buffer.from,
    ['Content-Type: application/json', 'Mcp-Method: tools/call', 'Mcp-Name: delete'],
  ],
  'fields that say read': [
    Buffer.from,
    ['Content-Type: application/json', 'Mcp-Method: tools/call', 'Mcp-Name: read'],
  ],
};

/** Ways to write the path. */
export const targets: readonly string[] = [
  '/mcp',
  '/mcp/',
  '//mcp',
  '/mcp?name=delete&method=tools/call',
  '/mcp?_method=POST',
  '/mcp/../mcp',
  '/other',
];
export const methods: readonly string[] = [
  'POST',
  'post',
  'PUT',
  'PATCH',
  'GET',
  'DELETE',
  'OPTIONS',
  'QUERY',
];
