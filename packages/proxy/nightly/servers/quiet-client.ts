/** A session with one tool call at a time. */

export interface QuietSession {
  /** @returns The text of the answer. */
  call(name: string, given: object): Promise<string>;
}

export async function openSession(url: string, token: string): Promise<QuietSession> {
  let session = '';
  const send = async (method: string, params: object) => {
    const answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...(session !== '' && { 'Mcp-Session-Id': session }),
      },
    });
    session ||= answer.headers.get('mcp-session-id') ?? '';
    return answer.text();
  };
  const clientInfo = { name: 'quiet', version: '1' };
  await send('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  return { call: (name, given) => send('tools/call', { name, arguments: given }) };
}
