/** From options to a sign-in that `protect` takes. */
import {
  type ClientAuthentication,
  noClientAuthentication,
} from '@sallyport/client-authentication';
import { type Checks, ConfigError, check, type EventListener } from '@sallyport/core';
import { createGuardedFetch } from '@sallyport/guarded-fetch';
import { listScopes, type McpGate } from '@sallyport/mcp-adapter';
import { type AllowedClient, readAllowedClients } from './clients/allowed-clients.ts';
import { createGuessLimit } from './flow/guess-limit.ts';
import type { SignInParts } from './flow/sign-in-parts.ts';
import { unavailableAnswer } from './http/answers.ts';
import { createFlowCookie } from './http/cookie.ts';
import type { Provider } from './providers/provider.ts';
import { createSealing } from './sealing/sealing.ts';
import { readSealingKeys, type SealingKeySource, sealingKeyCheck } from './sealing/sealing-key.ts';
import type { SignIn, SignInSettings } from './sign-in.ts';
import { createSignInReporter } from './sign-in-event.ts';
import { createSignInServer } from './sign-in-server.ts';
import { createAskForToken } from './upstream/ask-for-token.ts';

/** Options of every provider. */
export interface SignInOptions {
  /** The id of this server as a client of the provider. Use it for this MCP server alone. */
  readonly clientId: string;
  /**
   * How this server authenticates at the provider, such as `clientSecretBasic({ clientId, secret })`. Default: it is a
   * public client.
   */
  readonly clientAuthentication?: ClientAuthentication;
  /**
   * Seals client ids, states, codes and refresh tokens, at least 32 bytes. Every instance needs the same one. With
   * an array, the second opens what was sealed before the key changed. Required in production. Default: random.
   */
  readonly sealingKey?: SealingKeySource;
  /**
   * The clients that may register: the presets `claude`, `vscode`, `cursor` and `loopback`, and exact redirect
   * addresses. Default: the four presets.
   */
  readonly allowedClients?: readonly AllowedClient[];
  /**
   * Further https origins that the provider redirects through before it shows a page, such as
   * `https://sso.example.com`. Chromium follows a redirect of the consent form only to origins that the page names.
   * Default none.
   */
  readonly signInOrigins?: readonly string[];
  /** For a provider in your own network. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /** An HTTP proxy for requests to the provider. Default none. */
  readonly proxyUrl?: string;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** The run-time check of {@link SignInOptions}. */
export const commonChecks: Checks<SignInOptions> = {
  clientId: check.text,
  clientAuthentication: check.optional(
    check.shape('a client authentication', { present: 'function' }),
  ),
  sealingKey: check.optional(sealingKeyCheck),
  allowedClients: check.optional(check.texts),
  signInOrigins: check.optional(check.texts),
  allowPrivateNetwork: check.optional(check.flag),
  proxyUrl: check.optional(check.text),
  now: check.optional(check.callback),
};

const timeoutSeconds = 10;

/** @throws {ConfigError} When an option is wrong. What depends on `protect` is checked when `protect` is called. */
export function createSignIn(options: SignInOptions, provider: Provider): SignIn {
  const { clientId, signInOrigins = [], now = Date.now } = options;
  if (clientId === '') throw new ConfigError('signIn.clientId', 'must not be empty');
  const { clientAuthentication = noClientAuthentication(clientId) } = options;
  const findRecipient = readAllowedClients(options.allowedClients);
  for (const origin of signInOrigins) {
    if (URL.parse(origin)?.origin !== origin || !origin.startsWith('https://')) {
      throw new ConfigError(
        'signIn.signInOrigins',
        `${JSON.stringify(origin)} must be an origin such as https://sso.example.com`,
      );
    }
  }

  return (settings, { environment, onEvent, rateLimiter }) => {
    assertFits(settings);
    const { resource, resourceName, requiredScopes = [] } = settings;
    const issuer = `${resource}/sign-in`;
    const report = createSignInReporter(onEvent, now);
    const keys = readSealingKeys(options.sealingKey, environment);
    if (options.sealingKey === undefined) report.keyIsRandom();
    const endpoint = createGuardedFetch({
      url: provider.tokenEndpoint,
      option: 'signIn.tokenEndpoint',
      environment,
      timeoutSeconds,
      readStatuses: [400, 401, 403],
      ...take(options, ['allowPrivateNetwork', 'proxyUrl']),
    });
    const parts: SignInParts = {
      ...{ issuer, resource, provider, clientId, findRecipient, signInOrigins, report, now },
      serverName: resourceName ?? new URL(resource).host,
      scopes: new Set(listAllScopes(settings)),
      defaultScopes: requiredScopes,
      sealing: createSealing({ keys, issuer, now }),
      cookie: createFlowCookie(issuer.startsWith('https:')),
      askForToken: createAskForToken({ endpoint, clientAuthentication, report }),
      guesses: createGuessLimit(rateLimiter, report),
    };
    const { metadataAtRoot = true, authorizationServerMetadata } = settings;
    const atRoot = metadataAtRoot && authorizationServerMetadata === undefined;
    const server = createSignInServer(parts, atRoot);

    const withSignIn = (gate: McpGate): McpGate => ({
      ...gate,
      otherPaths: [...(gate.otherPaths ?? []), ...server.paths],

      async handle(request) {
        try {
          const answer = await server.handle(request);
          return answer === undefined ? gate.handle(request) : { pass: false, answer };
        } catch (error) {
          gate.report.gateFailed(error);
          return { pass: false, answer: unavailableAnswer() };
        }
      },
    });

    return {
      ...settings,
      authorizationServers: [issuer],
      landingPage: (gate: McpGate) => withSignIn(settings.landingPage?.(gate) ?? gate),
      connect(gate: McpGate, listener: EventListener) {
        const disconnect = settings.connect?.(gate, listener);
        return async () => {
          await disconnect?.();
          await endpoint.close();
        };
      },
    };
  };
}

function assertFits(settings: SignInSettings): void {
  if (settings.authorizationServers !== undefined) {
    throw new ConfigError(
      'protect.authorizationServers',
      'cannot stand beside signIn: clients sign in at this server. Leave it out',
    );
  }
  for (const way of ['developmentTokens', 'dangerouslyOmitAuthentication'] as const) {
    if (settings[way] === undefined) continue;
    throw new ConfigError(
      `protect.${way}`,
      'cannot stand beside signIn: the provider issues other tokens. Leave one of them out',
    );
  }
}

/** Every scope that is of use here, and the one that asks for a refresh token. */
function listAllScopes(settings: SignInSettings): readonly string[] {
  const operations = take(settings, [
    'otherTools',
    'prompts',
    'otherPrompts',
    'resources',
    'otherResources',
    'methods',
  ]);
  const { tools, requiredScopes = [], scopeHierarchy = {} } = settings;
  const wider = Object.entries(scopeHierarchy).flat(2);
  return [...requiredScopes, ...listScopes({ tools, ...operations }), ...wider, 'offline_access'];
}

/** The members of these names that are set. */
function take<Options extends object, Name extends keyof Options>(
  options: Options,
  names: readonly Name[],
): { [Member in Name]?: NonNullable<Options[Member]> } {
  const set = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, options[name]])) as never;
}
