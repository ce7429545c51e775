/** Protected resource metadata (RFC 9728). */
import { fail, notOffered, pass } from '../../judge/judges.ts';
import { type RowEntry, table, type Verdict } from '../../row.ts';
import type { Kit } from '../../target/kit.ts';
import { type Answer, fieldOf } from '../../wire/answer.ts';
import type { Fields } from '../../wire/request.ts';
import { namesHost } from './strangers.ts';

const foreign = 'audit-foreign.example';
type Document = Readonly<Record<string, unknown>>;

/** Looks at the metadata that were read at the start. */
function look(
  entry: Omit<RowEntry, 'run' | 'clause'> & { readonly clause?: string },
  judge: (metadata: Document, answer: Answer, kit: Kit) => Verdict,
): RowEntry {
  return {
    clause: 'RFC 9728 §2',
    ...entry,
    run: async (kit) =>
      kit.metadata === undefined
        ? notOffered('the server has no metadata')
        : judge(kit.metadata, kit.metadataAnswer, kit),
  };
}

/** Asks for the metadata in another way. */
function ask(
  entry: Omit<RowEntry, 'run' | 'request' | 'judge'>,
  { method = 'GET', target, fields = [] }: { method?: string; target?: string; fields?: Fields },
  judge: (answer: Answer, kit: Kit) => Verdict,
): RowEntry {
  return {
    ...entry,
    async run(kit) {
      if (kit.metadata === undefined) return notOffered('the server has no metadata');
      const hasHost = fields.some(([name]) => name === 'Host');
      return judge(
        await kit.send({
          method,
          target: target ?? kit.metadataPath,
          fields: [...(hasHost ? [] : ([['Host', kit.authority]] as const)), ...fields],
        }),
        kit,
      );
    },
  };
}

const hidesForeignHost = (answer: Answer): Verdict =>
  namesHost(answer, foreign)
    ? fail('the answer has the host that the client sent')
    : pass(`${answer.status} without that host`);

const reflections: readonly (readonly [field: string, value: string])[] = [
  ['Host', foreign],
  ['X-Forwarded-Host', foreign],
  ['Forwarded', `host=${foreign};proto=https`],
  ['X-Original-Host', foreign],
  ['X-Forwarded-Server', foreign],
];

/** Metadata. */
export const metadata: ReturnType<typeof table> = table(
  'metadata',
  [],
  [
    {
      title: 'GET of the metadata, without a token',
      ...{ requirement: 'MCP-08', clause: 'RFC 9728 §3.1', severity: 'medium' },
      right: 'answers 200 with a JSON object',
      run: async (kit) => {
        if (kit.settings.isPublic) return notOffered('the server is public');
        return kit.metadata === undefined
          ? fail(`${kit.metadataAnswer.status} at ${kit.metadataPath}`)
          : pass(`200 at ${kit.metadataPath}`);
      },
    },
    look(
      {
        title: '`resource` of the metadata',
        ...{ requirement: 'SPEC-51', clause: 'RFC 9728 §3.3', severity: 'medium' },
        right: 'is the URL of the endpoint, character by character',
      },
      ({ resource }, _answer, { settings }) =>
        resource === settings.resource
          ? pass(`${resource}`)
          : fail(`${JSON.stringify(resource)} in place of "${settings.resource}"`),
    ),
    look(
      {
        title: '`authorization_servers` of the metadata',
        ...{ requirement: 'SPEC-03', clause: 'MCP 2025-06-18 authorization', severity: 'medium' },
        right: 'names at least one issuer as a URL without query and fragment',
      },
      ({ authorization_servers: servers }) => {
        if (!Array.isArray(servers) || servers.length === 0) return fail('none is named');
        const bad = servers.find((each) => !/^https?:\/\/[^?#\s]+$/.test(`${each}`));
        return bad === undefined ? pass(`${servers.length} named`) : fail(JSON.stringify(bad));
      },
    ),
    look(
      {
        title: 'the addresses of the authorization servers',
        ...{ requirement: 'SPEC-24', clause: 'OAuth 2.1 §1.5', severity: 'medium' },
        right: 'use https, except on loopback',
      },
      ({ authorization_servers: servers }) => {
        const plain = (Array.isArray(servers) ? servers : []).find((each) =>
          /^http:\/\/(?!localhost[:/]|127\.|\[::1\]|localhost$)/.test(`${each}`),
        );
        return plain === undefined ? pass('all do') : fail(`${plain}`);
      },
    ),
    look(
      {
        title: 'the content type of the metadata',
        ...{ requirement: 'MCP-09', clause: 'RFC 9728 §3.2', severity: 'low' },
        right: 'is application/json',
      },
      (_document, answer) => {
        const type = fieldOf(answer, 'content-type') ?? 'absent';
        return /^application\/json\b/i.test(type) ? pass(type) : fail(type);
      },
    ),
    look(
      {
        title: 'the metadata for a page in a browser',
        ...{ requirement: 'MCP-09', clause: 'Fetch Standard, CORS protocol', severity: 'low' },
        right: 'has Access-Control-Allow-Origin: *',
      },
      (_document, answer) => {
        const origin = fieldOf(answer, 'access-control-allow-origin') ?? 'absent';
        return origin === '*' ? pass(origin) : fail(origin);
      },
    ),
    look(
      {
        title: 'the size of the metadata',
        ...{ requirement: 'MCP-09', clause: 'RFC 9728 §7.10', severity: 'low' },
        right: 'is at most 10 KB',
      },
      (_document, { body }) =>
        body.length <= 10_240 ? pass(`${body.length} bytes`) : fail(`${body.length} bytes`),
    ),
    look(
      {
        title: '`bearer_methods_supported` of the metadata',
        ...{ requirement: 'HDR-09', clause: 'OAuth 2.1 §5.1', severity: 'medium' },
        right: 'does not offer the query',
      },
      ({ bearer_methods_supported: methods }) =>
        Array.isArray(methods) && methods.includes('query') ? fail('query') : pass('not offered'),
    ),
    look(
      {
        title: '`scopes_supported` of the metadata',
        ...{ requirement: 'SPEC-08', clause: 'RFC 6749 §3.3', severity: 'low' },
        right: 'is a list of scopes without offline_access',
      },
      ({ scopes_supported: scopes }) => {
        if (scopes === undefined) return pass('absent');
        if (!Array.isArray(scopes)) return fail('is not a list');
        if (scopes.includes('offline_access')) return fail('offline_access is offered');
        const bad = scopes.find((each) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(`${each}`));
        return bad === undefined ? pass(`${scopes.length} scopes`) : fail(JSON.stringify(bad));
      },
    ),
    look(
      {
        title: 'secrets in the metadata',
        ...{ requirement: 'OPS-05', clause: 'CWE-200', severity: 'high' },
        right: 'are absent',
      },
      (document) => {
        const found = Object.keys(document).find((name) => /secret|private|password/i.test(name));
        return found === undefined ? pass('absent') : fail(found);
      },
    ),
    ask(
      {
        title: 'GET of the metadata with a bad token',
        ...{ requirement: 'MCP-09', clause: 'RFC 9728 §3.1', severity: 'low' },
        right: 'answers 200: a client with an expired token has to read it',
      },
      { fields: [['Authorization', 'Bearer expired']] },
      (answer) => (answer.status === 200 ? pass('200') : fail(`${answer.status}`)),
    ),
    ask(
      {
        title: 'HEAD of the metadata',
        ...{ requirement: 'HDR-15', clause: 'RFC 9110 §9.3.2', severity: 'low' },
        right: 'answers as GET does, without a body',
      },
      { method: 'HEAD' },
      (answer) => (answer.status === 200 ? pass('200') : fail(`${answer.status}`)),
    ),
    ask(
      {
        title: 'DELETE of the metadata',
        ...{ requirement: 'HDR-15', clause: 'RFC 9110 §15.5.6', severity: 'low' },
        right: 'answers 405 or another refusal',
      },
      { method: 'DELETE' },
      ({ status }) => (status >= 400 && status < 500 ? pass(`${status}`) : fail(`${status}`)),
    ),
    ask(
      {
        title: 'an unknown document below /.well-known/',
        ...{ requirement: 'CASE-22', clause: 'RFC 8615 §3', severity: 'low' },
        right: 'answers 404: after 401 a client would search for ever',
      },
      { target: '/.well-known/sallyport-audit-unknown' },
      ({ status }) => (status === 404 ? pass('404') : fail(`${status}`)),
    ),
    ask(
      {
        title: 'the preflight of a page for the metadata',
        ...{ requirement: 'MCP-09', clause: 'Fetch Standard, CORS protocol', severity: 'low' },
        right: 'allows every origin',
      },
      {
        method: 'OPTIONS',
        fields: [
          ['Origin', 'https://client.example'],
          ['Access-Control-Request-Method', 'GET'],
          ['Access-Control-Request-Headers', 'mcp-protocol-version'],
        ],
      },
      (answer) =>
        answer.status < 300 && fieldOf(answer, 'access-control-allow-origin') !== undefined
          ? pass(`${answer.status}`)
          : fail(`${answer.status} without Access-Control-Allow-Origin`),
    ),
    ...reflections.map(([field, value]) =>
      ask(
        {
          title: `GET of the metadata with ${field}: ${value}`,
          ...{ requirement: 'HDR-19', clause: 'RFC 9728 §7.3', severity: 'high' },
          right: 'names the configured host, never that of the request',
        },
        { fields: [[field, value]] },
        hidesForeignHost,
      ),
    ),
  ],
);
