import {
  type AuditSink,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type Environment,
  type EventListener,
} from '@sallyport/core';
import type { GateAnswer, GateRequest, McpGate } from '@sallyport/mcp-adapter';
import { createPlaces } from '../request/places.ts';
import { createDecisionLog } from './decision-log.ts';
import { isFromThisMachine } from './from-this-machine.ts';
import { createLivePages, jsonAnswer, refusedAnswer } from './live-pages.ts';
import { createVisitors } from './visitors.ts';

/** Options for {@link createLiveView}. */
export interface LiveViewOptions {
  /** What `detectEnvironment` returned. Production is refused. */
  readonly environment: Environment;
  /**
   * Receives the path and query of the live view, with the one-time secret in it, for the terminal. It is called when
   * a gate gets the view, and again each time that a secret was used up.
   */
  readonly onLink: (link: string) => void;
  /**
   * Explains a pasted token, check by check. The result is shown as it is, so it must hold no part of the token that
   * is not public. Default: the page has no box for tokens.
   */
  readonly explain?: (token: string, signal: AbortSignal) => Promise<TokenExplanation>;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Clock for durations, in milliseconds. Default `performance.now`. */
  readonly monotonicNow?: () => number;
}

/** One check of a token. */
interface TokenCheck {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'warning' | 'not reached' | 'left out';
  readonly summary: string;
  readonly expected?: string;
  readonly found?: string;
  readonly owner?: string;
  readonly cure?: string;
}

/** Why the gate accepts or refuses a token. */
export interface TokenExplanation {
  readonly accepted: boolean;
  /** The status that the client gets. */
  readonly status: number;
  readonly code?: string;
  readonly steps: readonly TokenCheck[];
}

/** A live view of the decisions of one gate, for development. */
export interface LiveView {
  /** Puts the view in front of a gate, like a landing page. */
  readonly inFrontOf: (gate: McpGate) => McpGate;
  /** Records decisions here, and then there. */
  readonly recordTo: (sink: AuditSink) => AuditSink;
  /** Receives events, for the age of the keys. */
  readonly onEvent: EventListener;
}

const optionChecks: Checks<LiveViewOptions> = {
  environment: check.environment,
  onLink: check.callback,
  explain: check.optional(check.callback),
  now: check.optional(check.callback),
  monotonicNow: check.optional(check.callback),
};

const name = 'live-view';
// Many times the longest token that a gate accepts.
const mostBytes = 262_144;

/**
 * Creates a live view: decisions of the last minutes, the last refusals with their cause, and a box that explains a
 * token. It serves a browser on this machine that brings the one-time secret. A request through a tunnel or proxy,
 * with another `Host`, or from a page of another origin goes through the gate as if there were no view.
 *
 * It keeps no token, code, verifier or claim.
 *
 * @throws {ConfigError} In production, or when an option is missing, unknown or wrong.
 */
export function createLiveView(given: LiveViewOptions): LiveView {
  const options = checkOptions('liveView', given, optionChecks);
  const { environment, onLink, explain, now = Date.now } = options;
  const { monotonicNow = () => performance.now() } = options;
  if (environment.isProduction) {
    throw new ConfigError(
      'liveView.environment',
      'is production, where there is no live view. Set ENVIRONMENT=development at your own machine',
    );
  }
  const log = createDecisionLog(now);
  const visitors = createVisitors();

  function inFrontOf(gate: McpGate): McpGate {
    const placeOf = createPlaces(gate.metadataPath);
    const pages = createLivePages(gate, explain !== undefined);
    const path = pathOf(gate);
    const tell = () => onLink(`${path}?${name}=${visitors.secret()}`);

    async function open(request: GateRequest, secret: string): Promise<GateAnswer> {
      const { page, opened } = await pages;
      if (secret === '') {
        return visitors.hasCookie(request.field('cookie').join('; ')) ? page : refusedAnswer;
      }
      const visit = visitors.claim(secret);
      if (visit === undefined) return refusedAnswer;
      tell();
      return opened(
        visit,
        `${visitors.cookieName}=${visit.cookie}; HttpOnly; SameSite=Strict; Path=${path}`,
      );
    }

    async function answer(request: GateRequest, wanted: string): Promise<GateAnswer> {
      const { method, signal } = request;
      if (method === 'GET' && wanted !== 'state') return open(request, wanted);
      const [key = ''] = request.field('x-live-view');
      if (!visitors.hasKey(key)) return refusedAnswer;
      if (method === 'GET') return jsonAnswer(log.read());
      const body = await request.readJson(mostBytes);
      const token = body.ok ? readToken(body.value) : undefined;
      if (explain === undefined || token === undefined) return refusedAnswer;
      return jsonAnswer(await explain(token, signal));
    }

    async function handle(request: GateRequest): ReturnType<McpGate['handle']> {
      const [target = '', query = ''] = request.target.split('?', 2);
      if (placeOf(target) === 'endpoint' && query !== '' && isFromThisMachine(request)) {
        const asset = (await pages).assets.get(query);
        if (asset !== undefined) return { pass: false, answer: asset };
        const wanted = new URLSearchParams(query).get(name);
        const isMeant =
          request.method === 'GET' || (request.method === 'POST' && wanted === 'explain');
        if (wanted !== null && isMeant)
          return { pass: false, answer: await answer(request, wanted) };
      }
      const started = monotonicNow();
      const decision = await gate.handle(request);
      if (placeOf(target) === 'endpoint') log.took(monotonicNow() - started);
      return decision;
    }

    tell();
    return { ...gate, handle };
  }

  return {
    inFrontOf,
    recordTo: (sink) => ({
      emit(event) {
        sink.emit(event);
        log.decided(event);
      },
    }),
    onEvent: log.happened,
  };
}

/** The path of the MCP endpoint. */
function pathOf({ metadataPath }: McpGate): string {
  return metadataPath.slice('/.well-known/oauth-protected-resource'.length) || '/';
}

/** People paste the token, `Bearer` and the token, or a whole field. */
function readToken(body: unknown): string | undefined {
  const { token } = Object(body) as { token?: unknown };
  if (typeof token !== 'string') return undefined;
  const plain = token
    .trim()
    .replace(/^(?:-H\s+)?["']?authorization\s*:\s*/i, '')
    .replace(/^(?:bearer|dpop)\s+/i, '')
    .replace(/^["']|["']$/g, '')
    .trim();
  return plain === '' ? undefined : plain;
}
