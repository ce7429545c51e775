import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { callerOf } from '@sallyport/protect';
import { protect } from '@sallyport/protect/fetch';
import { startAuthorizationServer } from '@sallyport/testing';
import { afterAll, expect, it, vi } from 'vitest';

vi.stubEnv('ENVIRONMENT', 'test'); // The issuer of this test has no https.
const resource = 'http://localhost:8000/mcp';
const scopes = ['notes:read', 'notes:write'];
const server = await startAuthorizationServer({ resources: [{ resource, scopes }] });

// Your own server, protected as in production. Only the addresses differ.
const handler = createMcpHandler(() => {
  const notes = new McpServer({ name: 'notes', version: '1.0.0' });
  notes.registerTool('write_note', { description: 'Writes a note' }, (context) => ({
    content: [{ type: 'text', text: `written by ${callerOf(context).subject}` }],
  }));
  return notes;
});
const tools = { write_note: ['notes:write'] };
const send = await protect({ resource, issuer: server.issuer, tools }, handler.fetch);
afterAll(async () => {
  await send.close();
  await server.stop();
  vi.unstubAllEnvs();
});

function writeNote(token) {
  const params = { name: 'write_note', arguments: {} };
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return send(new Request(resource, { method: 'POST', headers, body }));
}

it('writes for a caller with notes:write', async () => {
  const token = await server.issueToken({ scopes: ['notes:write'], subject: 'ada' });
  const response = await writeNote(token);

  expect(await response.text()).toContain('written by ada');
});

it('refuses a caller without notes:write', async () => {
  const token = await server.issueToken({ scopes: ['notes:read'], subject: 'ada' });
  const response = await writeNote(token);

  expect(response.status).toBe(403);
});
