/** What a client meets at an address, step by step, before it has a token. */
import { detectEnvironment, type Environment } from '@sallyport/core';
import { failed, firstBroken, passed, type Step, warning } from '../../diagnosis/step.ts';
import type { Surroundings } from '../../surroundings.ts';
import { printable } from '../../terminal/printable.ts';
import { askAddress } from '../ask-address.ts';
import type { Section } from '../section.ts';
import { examineAuthorizationServer } from './authorization-server-steps.ts';
import { readChallengeStep } from './challenge-step.ts';
import { listClientSteps } from './client-steps.ts';
import { askAsClient, type ClientAnswer, initialize, subscribe } from './fetch-fields.ts';

// From outside, a server on this machine or in this network is as good as any.
const anywhere: Environment = detectEnvironment({ ENVIRONMENT: 'development' });
const network = { allowPrivateNetwork: true, proxyUrl: undefined };

/** Looks at the server, at its authorization server, and at what that means for the usual clients. */
export async function examineOutside(
  url: URL,
  surroundings: Surroundings,
): Promise<readonly Section[]> {
  const { signal } = surroundings;
  const address = { url: url.href, variable: 'the URL', party: 'this server' } as const;
  const asked = await askAddress(address, { environment: anywhere, network }, surroundings, true);
  const title = `Server ${printable(url.href)}`;
  if (firstBroken(asked.steps) !== undefined) return [{ title, steps: asked.steps }];

  const first = await askAsClient(url.href, signal, initialize);
  // A server with an anonymous list answers the first message to everybody, and this one to nobody.
  const second = first?.status === 200 ? await askAsClient(url.href, signal, subscribe) : undefined;
  const answer = second?.status === 401 ? second : first;
  const challenge = readChallengeStep(answer);
  const metadataUrl = challenge.metadataUrl ?? wellKnown(url);
  const metadata = await askAsClient(metadataUrl, signal);
  const found = readMetadata(url, metadataUrl, metadata);
  const steps = [...asked.steps, challenge.step, ...found.steps];
  const [issuer] = found.authorizationServers;
  if (issuer === undefined) return [{ title, steps }];

  const server = await examineAuthorizationServer(issuer, anywhere, surroundings);
  const isReadableByPages =
    found.isReadableByPages && challenge.isReadableByPages && server.isReadableByPages;
  const facts = {
    url,
    hasChallenge: challenge.metadataUrl !== undefined,
    hasMetadata: true,
    isResourceExact: found.isResourceExact,
    scopes: found.scopes,
    ...server.facts,
    isReadableByPages,
  };
  return [
    { title, steps: [...steps, readCorsStep(isReadableByPages)] },
    { title: `Authorization server ${printable(issuer)}`, steps: server.steps },
    { title: 'Clients', steps: listClientSteps(facts) },
  ];
}

/** RFC 9728 §3.1. */
function wellKnown({ origin, pathname }: URL): string {
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
}

// RFC 9728 §2: the member is optional.
const withoutSignIn: Step = warning('sign-in', {
  summary: 'the metadata names no authorization server, so clients cannot sign in by themselves',
  cure: 'This is right for API keys alone, and behind a proxy that signs people in. Otherwise set FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS.',
});

interface FoundMetadata {
  readonly steps: readonly Step[];
  readonly authorizationServers: readonly string[];
  readonly isResourceExact: boolean;
  readonly isReadableByPages: boolean;
  readonly scopes: readonly string[];
}

function readMetadata(
  url: URL,
  metadataUrl: string,
  answer: ClientAnswer | undefined,
): FoundMetadata {
  const document = Object(answer?.json) as Readonly<Record<string, unknown>>;
  const texts = (name: string) =>
    [document[name]].flat().filter((entry): entry is string => typeof entry === 'string');
  const authorizationServers = texts('authorization_servers');
  const found = {
    authorizationServers,
    isResourceExact: document['resource'] === exact(url),
    isReadableByPages: answer?.field('Access-Control-Allow-Origin') !== undefined,
    scopes: texts('scopes_supported'),
  };
  if (answer?.status !== 200 || typeof document['resource'] !== 'string') {
    const step = failed('metadata', {
      summary:
        answer?.status === 200
          ? 'names no resource'
          : `${printable(metadataUrl)}: ${answer === undefined ? 'no answer' : `HTTP ${answer.status}`}`,
      owner: 'this server',
      cure: 'Serve the metadata of RFC 9728 there, open to all. A gate of Sallyport does; a proxy in front must pass /.well-known/ on.',
    });
    return { ...found, steps: [step] };
  }
  return {
    ...found,
    steps: [
      passed('metadata', printable(metadataUrl)),
      found.isResourceExact
        ? passed('resource', 'exactly this URL')
        : failed('resource', {
            summary: 'the metadata is for another URL, so clients stop here (RFC 9728 §3.3)',
            expected: exact(url),
            found: printable(document['resource']),
            owner: 'this server',
            cure: 'Set FASTMCP_SERVER_AUTH_RESOURCE_URL to the URL that clients use, without a slash at the end.',
          }),
      ...(authorizationServers.length > 0 ? [] : [withoutSignIn]),
    ],
  };
}

/** As a person wrote it: `new URL` adds a slash to an origin. */
function exact({ href, pathname, search }: URL): string {
  return pathname === '/' && search === '' ? href.replace(/\/$/, '') : href;
}

function readCorsStep(isReadableByPages: boolean): Step {
  return isReadableByPages
    ? passed('CORS', 'pages may read challenge and metadata')
    : warning('CORS', {
        summary: 'a page may not read the challenge or the metadata',
        cure: 'Only clients that run in a browser need it: add their origins to allowedOrigins.',
      });
}
