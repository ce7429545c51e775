/** The endpoints by their paths. */
import type { GateAnswer, GateRequest } from '@sallyport/mcp-adapter';
import { register } from './clients/register.ts';
import { authorize } from './flow/authorize.ts';
import { finishSignIn } from './flow/callback.ts';
import { takeConsent } from './flow/consent.ts';
import type { SignInParts } from './flow/sign-in-parts.ts';
import { issueToken } from './flow/token.ts';
import { methodAnswer, preflightAnswer, unavailableAnswer } from './http/answers.ts';
import { createSlowBodies } from './http/slow-bodies.ts';
import { writeMetadata } from './metadata.ts';

/** Answers requests for the endpoints of the sign-in. */
export interface SignInServer {
  /** The paths, for hosts that route by path. */
  readonly paths: readonly string[];
  /** `undefined`: the request is for something else. */
  handle(request: GateRequest): Promise<GateAnswer> | undefined;
}

interface Endpoint {
  readonly methods: readonly string[];
  /** Whether pages of other origins may use it. */
  readonly isShared?: boolean;
  readonly answer: (request: GateRequest, query: string) => GateAnswer | Promise<GateAnswer>;
}

// Of all endpoints together. Each request holds some kilobytes, and a slow client holds them for seconds.
const mostRequests = 256;

/** @param atRoot Whether to serve the metadata at the root of the origin too, where clients of MCP 2025-03-26 look. */
export function createSignInServer(parts: SignInParts, atRoot: boolean): SignInServer {
  const metadata = writeMetadata(parts.issuer, [...parts.scopes]);
  const document: Endpoint = {
    methods: ['GET', 'HEAD'],
    isShared: true,
    answer: () => ({
      status: 200,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Cache-Control': 'public, max-age=3600',
        'Content-Type': 'application/json',
      },
      body: metadata,
    }),
  };
  const endpoints: Readonly<Record<string, Endpoint>> = {
    '/register': {
      methods: ['POST'],
      isShared: true,
      async answer(request) {
        const given = await register(parts, request);
        return given.status === 201 ? given : parts.guesses.count('register', request, given);
      },
    },
    '/token': {
      methods: ['POST'],
      isShared: true,
      answer: (request) => issueToken(parts, request),
    },
    '/authorize': {
      methods: ['GET'],
      answer: (_request, query) => authorize(parts, query),
    },
    '/consent': { methods: ['POST'], answer: (request) => takeConsent(parts, request) },
    '/callback': {
      methods: ['GET'],
      answer: (request, query) => finishSignIn(parts, request, query),
    },
  };
  const byPath = new Map<string, Endpoint>();
  // A proxy may strip a prefix of the public path.
  const tails = tailsOf(new URL(parts.issuer).pathname);
  const wellKnown = '/.well-known/oauth-authorization-server';
  for (const tail of tails) {
    for (const [name, endpoint] of Object.entries(endpoints)) byPath.set(tail + name, endpoint);
    for (const path of [wellKnown + tail, tail + wellKnown]) byPath.set(path, document);
  }
  if (atRoot) byPath.set(wellKnown, document);
  for (const [path, endpoint] of [...byPath]) {
    if (endpoint === document) byPath.set(`${path}/`, document);
  }
  const bodies = createSlowBodies();
  let running = 0;

  async function answer(endpoint: Endpoint, request: GateRequest): Promise<GateAnswer> {
    const [, query = ''] = request.target.split(/\?(.*)/s, 2);
    const { method } = request;
    const isReading = method === 'HEAD' && endpoint.methods.includes('HEAD');
    if (endpoint.isShared && method === 'OPTIONS') {
      return preflightAnswer(endpoint.methods.join(', '));
    }
    if (!endpoint.methods.includes(method)) return methodAnswer(endpoint.methods.join(', '));
    const isFull = method === 'POST' && bodies.isFull(request.clientAddress);
    if (isFull || running >= mostRequests) return unavailableAnswer(1);
    running += 1;
    try {
      const given = await endpoint.answer(bodies.count(request), query);
      return isReading ? { ...given, body: undefined } : given;
    } finally {
      running -= 1;
    }
  }

  return {
    paths: [...byPath.keys()],

    handle(request) {
      const [path = ''] = request.target.split('?', 1);
      const endpoint = byPath.get(path);
      return endpoint && answer(endpoint, request);
    },
  };
}

/** For `/notes/mcp/sign-in`: that path, `/mcp/sign-in` and `/sign-in`. */
function tailsOf(path: string): readonly string[] {
  const segments = path.split('/').slice(1);
  return segments.map((_segment, index) => `/${segments.slice(index).join('/')}`);
}
