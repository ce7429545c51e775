/** Malformed requests: the HTTP parser of Node refuses or shortens them, and the gate stays closed. */
import { expect, it } from 'vitest';
import { createTestGate, tokens, toolCall } from '../fixture.ts';
import { hosts } from '../node-hosts.ts';
import { sendRaw, statusOf } from '../raw-http.ts';

const credentials = `Authorization: Bearer ${tokens.read}`;
const call = JSON.stringify(toolCall('list'));
const post = ['POST /mcp HTTP/1.1', 'Content-Type: application/json', credentials];
const length = `Content-Length: ${call.length}`;

const malformed: readonly [name: string, lines: readonly string[], status: number][] = [
  ['a space before the colon (HDR-06)', ['GET /mcp HTTP/1.1', 'X-Note : a', credentials], 400],
  ['a folded line (HDR-06)', ['GET /mcp HTTP/1.1', 'X-Note: a', ' b', credentials], 400],
  ['a bare line feed (HDR-06)', [`GET /mcp HTTP/1.1\n${credentials}`], 400],
  ['a field without a name (HDR-06)', ['GET /mcp HTTP/1.1', ': a', credentials], 400],
  ['20,000 bytes of fields (HDR-12)', ['GET /mcp HTTP/1.1', `X-Note: ${'a'.repeat(20_000)}`], 431],
  ['a length beside chunks (HDR-13)', [...post, length, 'Transfer-Encoding: chunked'], 400],
  ['two lengths (HDR-13)', [...post, length, 'Content-Length: 5'], 400],
  ['a length with a sign (HDR-13)', [...post, `Content-Length: +${call.length}`], 400],
  [
    'chunks that are not the last encoding (HDR-13)',
    [...post, 'Transfer-Encoding: chunked, gzip'],
    400,
  ],
  ['chunks under another name (HDR-13)', [...post, 'Transfer-Encoding: xchunked'], 400],
  ['a chunk without a size (HDR-13)', [...post, 'Transfer-Encoding: chunked'], 400],
];

// HDR-11: Node 22 drops what exceeds its number of fields, such as the token. Later ones refuse.
const many = ['GET /mcp HTTP/1.1', ...Array.from({ length: 2_100 }, () => 'a: b'), credentials];

it.each(Object.entries(hosts))(
  '%s refuses malformed requests and too many fields (HDR-11), and goes on',
  async (_host, start) => {
    const { url, close } = await start(createTestGate());
    const answers: [string, number][] = [];
    for (const [name, lines] of malformed) {
      answers.push([name, statusOf(await sendRaw(url, lines, call))]);
    }
    const [good, crowded] = [await sendRaw(url, [...post, length], call), await sendRaw(url, many)];
    await close();

    expect(answers).toEqual(malformed.map(([name, , status]) => [name, status]));
    expect(good).toMatch(/^HTTP\/1\.1 200 [\s\S]*reached/);
    expect([401, 431]).toContain(statusOf(crowded));
  },
);
