/** What the live view serves. */
import type { GateAnswer, McpGate } from '@sallyport/mcp-adapter';
import { html } from '../html.ts';
import { assetAnswer, createAsset, pageAnswer, writeDocument } from '../page/document.ts';
import { iconSvg } from '../page/icon.ts';
import { readServerFacts } from '../page/server-facts.ts';
import { renderLiveBody } from './live-document.ts';
import { liveScript } from './live-script.ts';
import { liveStyle } from './live-style.ts';
import type { Visit } from './visitors.ts';

/** The answers of the live view. */
export interface LivePages {
  /** The page without a key. */
  readonly page: GateAnswer;
  /** The page for a browser that brought the secret. */
  readonly opened: (visit: Visit, cookie: string) => GateAnswer;
  /** By the query that names them. */
  readonly assets: ReadonlyMap<string, GateAnswer>;
}

/** @param explains Whether the page has a box for tokens. */
export async function createLivePages(gate: McpGate, explains: boolean): Promise<LivePages> {
  const facts = await readServerFacts(gate, undefined);
  const [style, script, icon] = await Promise.all([
    createAsset('css', 'text/css; charset=utf-8', liveStyle),
    createAsset('js', 'text/javascript; charset=utf-8', liveScript),
    createAsset('svg', 'image/svg+xml', iconSvg),
  ]);
  const write = (key: string | undefined): GateAnswer => {
    const title = `Live view: ${facts.title}`;
    const meta = key && html`<meta name="live-view-key" content="${key}">`;
    const body = renderLiveBody(facts, explains);
    return pageAnswer(writeDocument({ title, style, script, icon, meta, body }));
  };
  return {
    page: write(undefined),

    opened({ key }, cookie) {
      const answer = write(key);
      return { ...answer, headers: { ...answer.headers, 'Set-Cookie': cookie } };
    },

    assets: new Map([style, script, icon].map((asset) => [asset.query, assetAnswer(asset)])),
  };
}

/** For a wrong secret, and for one that was used up. */
export const refusedAnswer: GateAnswer = {
  status: 403,
  headers: { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'Each link to the live view works once. Open the newest link that the terminal shows.\n',
};

export function jsonAnswer(value: unknown): GateAnswer {
  return {
    status: 200,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
    },
    body: JSON.stringify(value),
  };
}
