/** Everything that the landing page serves, rendered once. */
import type { GateAnswer, McpGate } from '@sallyport/mcp-adapter';
import { copyScript } from './copy-script.ts';
import { assetAnswer, createAsset, pageAnswer, writeDocument } from './document.ts';
import { iconSvg } from './icon.ts';
import { renderLandingBody } from './landing-document.ts';
import { landingStyle } from './landing-style.ts';
import { readServerFacts } from './server-facts.ts';

/** The answers of the landing page. */
export interface Pages {
  readonly landing: GateAnswer;
  /** At `/favicon.ico`. */
  readonly icon: GateAnswer;
  /** By the query that names them. */
  readonly assets: ReadonlyMap<string, GateAnswer>;
}

/** @param serverName What commands call the server. */
export async function createPages(gate: McpGate, serverName: string | undefined): Promise<Pages> {
  const facts = await readServerFacts(gate, serverName);
  const [style, script, icon] = await Promise.all([
    createAsset('css', 'text/css; charset=utf-8', landingStyle),
    createAsset('js', 'text/javascript; charset=utf-8', copyScript),
    createAsset('svg', 'image/svg+xml', iconSvg),
  ]);
  const { title } = facts;
  const body = renderLandingBody(facts);
  return {
    landing: pageAnswer(writeDocument({ title, style, script, icon, body })),
    icon: assetAnswer(icon, 86_400),
    assets: new Map([style, script, icon].map((asset) => [asset.query, assetAnswer(asset)])),
  };
}
