import { expect, it } from 'vitest';
import { createJudge, prove } from './fixture.ts';

const judge = createJudge();
const wrong = 'dpop_proof_invalid: htu';

it.each([
  ['https://mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  // Query and fragment.
  ['https://mcp.example.com/mcp?a=b', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp#top', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp?a=b#top', 'https://mcp.example.com/mcp?c=d'],
  // Scheme, host and default port.
  ['HTTPS://MCP.Example.COM/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com:443/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp', 'https://mcp.example.com:443/mcp'],
  ['http://127.0.0.1:80/mcp', 'http://127.0.0.1/mcp'],
  ['https://mcp.example.com', 'https://mcp.example.com/'],
  ['https://bücher.example/mcp', 'https://xn--bcher-kva.example/mcp'],
  ['https://[2001:DB8:0:0::1]/mcp', 'https://[2001:db8::1]/mcp'],
  // Dot segments and escapes.
  ['https://mcp.example.com/a/../mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/./mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/%6Dcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp', 'https://mcp.example.com/%6d%63p'],
  ['https://mcp.example.com/a%2fb', 'https://mcp.example.com/a%2Fb'],
  ['https://mcp.example.com/caf%c3%a9', 'https://mcp.example.com/café'],
  ['https://mcp.example.com/%7Euser', 'https://mcp.example.com/~user'],
])('%s means %s (DPOP-06)', async (htu, url) => {
  expect(await judge(await prove({ htu }), { url })).toBe('ok');
});

it.each([
  ['https://other.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['http://mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com:8443/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com:80/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp/', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/MCP', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/mcp/x', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com//mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com.evil.com/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com@evil.com/mcp', 'https://mcp.example.com/mcp'],
  // A slash inside a segment is none between two.
  ['https://mcp.example.com/a%2Fb', 'https://mcp.example.com/a/b'],
  ['https://mcp.example.com/%2e%2e%2fmcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/%256Dcp', 'https://mcp.example.com/mcp'],
  // What parsers would forgive.
  ['https://user@mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['https://:secret@mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['https:\\\\mcp.example.com\\mcp', 'https://mcp.example.com/mcp'],
  ['https:/mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['https:mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  [' https://mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.exam\nple.com/mcp', 'https://mcp.example.com/mcp'],
  ['https://mcp.example.com/m\tcp', 'https://mcp.example.com/mcp'],
  ['/mcp', 'https://mcp.example.com/mcp'],
  ['//mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
  ['', 'https://mcp.example.com/mcp'],
  ['javascript:alert(1)', 'https://mcp.example.com/mcp'],
  ['https://', 'https://mcp.example.com/mcp'],
  // Two that mean nothing do not mean the same.
  ['', ''],
  ['nowhere', 'nowhere'],
])('%j does not mean %j (DPOP-06)', async (htu, url) => {
  expect(await judge(await prove({ htu }), { url })).toBe(wrong);
});

it('takes proofs for the method of the request only (DPOP-05)', async () => {
  expect(await judge(await prove({ htm: 'GET' }), { method: 'GET' })).toBe('ok');
  expect(await judge(await prove({ htm: 'POST' }), { method: 'GET' })).toBe(
    'dpop_proof_invalid: htm',
  );
});
