/** What the server behind every proxy answers. */

export interface Message {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string };
}

const greeting = { content: [{ type: 'text', text: 'Hello, World!' }] };
const tool = { name: 'hello', description: 'Greets somebody', inputSchema: { type: 'object' } };

export function answer({ method, params }: Message): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'upstream', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools: [tool] };
    default:
      return greeting;
  }
}
