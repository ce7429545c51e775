/** What both SDK lines register in the same way. */
import { errorText, pause, plainPrompts, plainTools, resources, text } from './contents.ts';

type Content = (typeof plainTools)[keyof typeof plainTools][number];
type Message = (typeof plainPrompts)[keyof typeof plainPrompts][number];

/** An `McpServer` of either line. */
interface PlainServer {
  registerTool(
    name: string,
    about: { description: string },
    answer: () => { content: Content[] },
  ): unknown;
  registerPrompt(
    name: string,
    about: { description: string },
    answer: () => { messages: Message[] },
  ): unknown;
  registerResource(
    name: string,
    uri: string,
    about: { description: string; mimeType: string },
    read: () => { contents: { uri: string; mimeType: string; text: string }[] },
  ): unknown;
}

/** Tools, prompts and resources that take no arguments, and always answer the same. */
export function addPlainContents(server: PlainServer): void {
  for (const [name, content] of Object.entries(plainTools)) {
    server.registerTool(name, { description: name }, () => ({ content: [...content] }));
  }
  server.registerTool('test_error_handling', { description: 'Fails' }, () => {
    throw new Error(errorText);
  });
  for (const [name, messages] of Object.entries(plainPrompts)) {
    server.registerPrompt(name, { description: name }, () => ({ messages: [...messages] }));
  }
  for (const [uri, { mimeType, ...content }] of Object.entries(resources)) {
    server.registerResource(uri, uri, { description: uri, mimeType }, () => ({
      contents: [{ uri, mimeType, ...(content as { text: string }) }],
    }));
  }
}

type Progress = {
  method: 'notifications/progress';
  params: { progressToken: string | number; progress: number; total: number };
};

/** What `test_tool_with_progress` does, for who wants to be told. */
export async function goOn(
  progressToken: string | number | undefined,
  notify: (notification: Progress) => Promise<void>,
) {
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined) {
      const params = { progressToken, progress, total: 100 };
      await notify({ method: 'notifications/progress', params });
    }
    await pause();
  }
  return { content: [text('Done')] };
}

/** Completions of the argument that has them. */
export function completeWord(value: string): string[] {
  return ['paris', 'park', 'party'].filter((word) => word.startsWith(value));
}
