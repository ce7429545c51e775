/** Requests that try to be read in two ways: as harmless by the gate, and as a write by the server. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

export interface Attempt {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const json = 'application/json';
const call = (name: string, id = 1) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":{}}}`;
const write = call('delete');
const read = call('list');
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** Bodies by what is odd about them. */
const bodies: Readonly<Record<string, string>> = {
  'a write': write,
  'a write in a batch': `[${write}]`,
  'a write after a read': `[${read},${write}]`,
  'a write after a response': `[{"jsonrpc":"2.0","id":9,"result":{}},${write}]`,
  'a batch in a batch': `[[${write}]]`,
  'a batch beside a batch': `[${ping},[${write}]]`,
  'a method twice, the write last': write.replace('"id"', '"method":"ping","id"'),
  'a method twice, the write first': write.replace(/}$/, ',"method":"ping"}'),
  'a name twice, the write last': write.replace('"name":"delete"', '"name":"list","name":"delete"'),
  'a name twice, the write first': write.replace(
    '"name":"delete"',
    '"name":"delete","name":"list"',
  ),
  'parameters twice, the write first': write.replace(/}$/, ',"params":{"name":"list"}}'),
  'parameters twice, the write last': read.replace(/}$/, ',"params":{"name":"delete"}}'),
  'a name in escapes': write.replace('delete', '\\u0064elete'),
  'a method in an array': write.replace('"tools/call"', '["tools/call"]'),
  'a method in an object': write.replace('"tools/call"', '{"toString":"tools/call"}'),
  'a name in an array': write.replace('"delete"', '["delete"]'),
  'parameters in a string': write.replace(/"params":.*}$/, '"params":"{\\"name\\":\\"delete\\"}"}'),
  'a call in a string': JSON.stringify(write),
  'a call in a string in a batch': `[${JSON.stringify(write)}]`,
  'a call without a version': write.replace('"jsonrpc":"2.0",', ''),
  'a call without an id': write.replace('"id":1,', ''),
  'a call with an id of null': write.replace('"id":1', '"id":null'),
  'a call that is a response too': write.replace('"id":1', '"id":1,"result":{}'),
  'a response that is a call by its prototype': `{"jsonrpc":"2.0","id":1,"result":{},"__proto__":${write}}`,
  'a ping that is a call by its prototype': ping.replace(/}$/, `,"__proto__":${write}}`),
  'parameters with a prototype': read.replace('"name":"list"', '"__proto__":{"name":"delete"}'),
  'an inherited constructor': ping.replace(/}$/, `,"constructor":{"prototype":${write}}}`),
  'a call inside the arguments': read.replace('"arguments":{}', `"arguments":${write}`),
  'a call in two documents': `${ping}\n${write}`,
  'a call after a document': `${ping}${write}`,
  'a call after white space': `\r\n\t ${write}\r\n`,
  'a call with a comment': `/* ${ping} */${write}`,
  'a call with a comma at its end': write.replace(/}$/, ',}'),
  'a call with single quotes': write.replaceAll('"', "'"),
  'a call after a prefix against scripts': `)]}',\n${write}`,
  'a call as a form': 'jsonrpc=2.0&id=1&method=tools/call&params[name]=delete',
  'a call as the name of a form': `${encodeURIComponent(write)}=`,
  'a call in a form': `body=${encodeURIComponent(write)}&method=tools/call`,
  'a call as one part': `--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n${write}\r\n--b--\r\n`,
  'an empty object': '{}',
  'an empty batch': '[]',
  nothing: '',
  'a number': '5',
};

const contentTypes: readonly (string | undefined)[] = [
  json,
  `${json}; charset=utf-8`,
  `${json}; charset=utf-16le`,
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  'text/plain',
  undefined,
];

const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16le with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'utf-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
  'utf-7': (text) => Buffer.from(text.replaceAll('"', '+ACI-')),
  gzip: (text) => gzipSync(text),
  deflate: (text) => deflateSync(text),
  br: (text) => brotliCompressSync(text),
  identity: (text) => Buffer.from(text),
};

const methods = [
  'GET',
  'DELETE',
  'PUT',
  'PATCH',
  'OPTIONS',
  'QUERY',
  'PROPFIND',
  'SEARCH',
  'REPORT',
];

const lies: Readonly<Record<string, Record<string, string>>> = {
  'Mcp-Method': { 'Mcp-Method': 'ping' },
  'Mcp-Name': { 'Mcp-Name': 'list' },
  'X-HTTP-Method-Override': { 'X-HTTP-Method-Override': 'GET' },
  'another revision': { 'Mcp-Protocol-Version': '2026-07-28' },
  'an old revision': { 'Mcp-Protocol-Version': '2025-03-26' },
};

const post = (
  name: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string | undefined>> = { 'Content-Type': json },
): Attempt => ({
  name,
  method: 'POST',
  path: '/mcp',
  headers: Object.fromEntries(
    Object.entries({ Accept: `${json}, text/event-stream`, ...headers }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  ),
  body: Buffer.from(body),
});

/** Every attempt but those that only one version of HTTP can carry. */
export const attempts: readonly Attempt[] = [
  ...Object.entries(bodies).flatMap(([name, body]) =>
    contentTypes.map((type) =>
      post(`${name} as ${type ?? 'no type'}`, body, { 'Content-Type': type }),
    ),
  ),
  ...Object.entries(encodings).flatMap(([encoding, encode]) =>
    [write, `[${read},${write}]`].flatMap((body) => [
      post(`a write in ${encoding}`, encode(body), {
        'Content-Type': json,
        'Content-Encoding': encoding.includes('utf') ? undefined : encoding,
      }),
      post(`a write in ${encoding}, announced as a charset`, encode(body), {
        'Content-Type': `${json}; charset=${encoding.split(' ')[0]}`,
      }),
    ]),
  ),
  ...methods.flatMap((method) => [
    { ...post(`${method} with a body`, write), method },
    { ...post(`${method} with a harmless body`, ping), method },
    { ...post(`${method} without a body`, ''), method, body: undefined },
    {
      ...post(`${method} that wants to be a POST`, write, {
        'Content-Type': json,
        'X-HTTP-Method-Override': 'POST',
      }),
      method,
      path: '/mcp?_method=POST',
    },
  ]),
  ...Object.entries(lies).flatMap(([name, headers]) => [
    post(`a write that lies in ${name}`, write, { 'Content-Type': json, ...headers }),
    post(`a batch that lies in ${name}`, `[${ping},${write}]`, {
      'Content-Type': json,
      ...headers,
    }),
  ]),
];

/** HTTP/1.1 parsers refuse these methods; HTTP/2 takes whatever `:method` says. */
export const pseudoMethods: readonly Attempt[] = [
  ...['post', 'Post', 'pOST', 'POST ', ' POST', 'get', 'delete', 'PoSt', 'HEAD', 'PUT'].flatMap(
    (method) => [
      { ...post(`:method ${JSON.stringify(method)}`, write), method },
      { ...post(`:method ${JSON.stringify(method)} with a harmless body`, ping), method },
    ],
  ),
];

/** What must go on working: they show that the markers, and the way to them, are real. */
export const honestRead: Attempt = post('an honest read', read);
export const honestWrite: Attempt = post('an honest write', write);
