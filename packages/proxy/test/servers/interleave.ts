/** Two callers who write and read notes at the same time. */
import { answeringClients, type TestClient, textOf } from '@sallyport/test-parts/answering-clients';

/** @returns The notes that were not the caller's own. Each round is two calls of each caller. */
export async function interleave(
  url: URL,
  tokens: readonly string[],
  rounds: number,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  await Promise.all(
    tokens.map(async (token, index) => {
      const client = (await answeringClients['a client of SDK v2']?.(url, token)) as TestClient;
      for (let round = 0; round < rounds; round += 1) {
        const note = `note ${round} of ${index}`;
        await client.callTool('write', { text: note });
        const read = textOf(await client.callTool('read', {}));
        if (read !== note) wrong.push(`${read} in place of ${note}`);
      }
      await client.close();
    }),
  );
  return wrong;
}
