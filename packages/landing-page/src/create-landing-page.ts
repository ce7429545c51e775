import { type Checks, ConfigError, check, checkOptions } from '@sallyport/core';
import type { GateAnswer, GateDecision, GateRequest, McpGate } from '@sallyport/mcp-adapter';
import { createPages, type Pages } from './page/pages.ts';
import { createPlaces } from './request/places.ts';
import { prefersPage } from './request/prefers-page.ts';
import { isStranger } from './request/stranger.ts';
import { varyByAccept } from './request/vary.ts';

/** Options for {@link createLandingPage}. */
export interface LandingPageOptions {
  /**
   * What the lines to paste call the server: 1 to 64 letters, digits, hyphens and underscores. Default: made of
   * `resourceName`, or else of the host.
   */
  readonly serverName?: string;
}

const optionChecks: Checks<LandingPageOptions> = { serverName: check.optional(check.text) };

/**
 * Creates a page for people who open the address of the server in a browser. `protect` takes it as its setting
 * `landingPage`.
 *
 * A GET or HEAD without credentials whose `Accept` prefers `text/html` gets the page at the MCP endpoint. At `/`
 * and `/favicon.ico` it gets the page or an icon only where the gate would refuse it with 401. Every other request
 * goes through the gate as before. The page says nothing that the public metadata does not say.
 *
 * @example
 * ```ts
 * app.use(await protect({ resource, issuer, tools, landingPage: createLandingPage() }));
 * ```
 * @returns A function that puts the page in front of a gate.
 * @throws {ConfigError} When an option is unknown or wrong.
 */
export function createLandingPage(options: LandingPageOptions = {}): (gate: McpGate) => McpGate {
  const { serverName } = checkOptions('landingPage', options, optionChecks);
  if (serverName !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(serverName)) {
    throw new ConfigError(
      'landingPage.serverName',
      'must be 1 to 64 letters, digits, hyphens and underscores, such as notes',
    );
  }
  return (gate) => withLandingPage(gate, serverName);
}

function withLandingPage(gate: McpGate, serverName: string | undefined): McpGate {
  const placeOf = createPlaces(gate.metadataPath);
  let pages: Promise<Pages> | undefined;
  let refusesStrangers = false;

  /** An open gate lets strangers in: then `/` is the application's. */
  async function askOnce(request: GateRequest): Promise<GateDecision | undefined> {
    if (refusesStrangers) return undefined;
    const decision = await gate.handle({ ...request, method: 'GET' });
    // 405: the gate has an anonymous list, and a GET still needs a token.
    if (!decision.pass && [401, 405].includes(decision.answer.status)) {
      refusesStrangers = true;
      return undefined;
    }
    if (!decision.pass || request.method === 'GET') return decision;
    decision.lease?.release();
    return gate.handle(request);
  }

  async function answer(request: GateRequest): Promise<GateAnswer | undefined> {
    pages ??= createPages(gate, serverName);
    const { landing, icon, assets } = await pages;
    const [path = '', query = ''] = request.target.split('?', 2);
    const asset = assets.get(query);
    if (asset !== undefined) return asset;
    if (placeOf(path) === 'icon') return icon;
    return prefersPage(request.field('accept').join(', ')) ? landing : undefined;
  }

  return {
    ...gate,

    async handle(request) {
      const [path = ''] = request.target.split('?', 1);
      const place = placeOf(path);
      if (place === undefined) return gate.handle(request);
      if (isStranger(request)) {
        const shown = await answer(request);
        if (shown !== undefined) {
          const decision = place === 'endpoint' ? undefined : await askOnce(request);
          return decision ?? { pass: false, answer: withoutBody(request.method, shown) };
        }
      }
      const decision = await gate.handle(request);
      return decision.pass ? decision : { pass: false, answer: varyByAccept(decision.answer) };
    },
  };
}

function withoutBody(method: string, answer: GateAnswer): GateAnswer {
  return method === 'HEAD' ? { ...answer, body: undefined } : answer;
}
