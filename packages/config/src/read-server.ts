import { maxHeaderSize } from 'node:http';
import { type Environment, Secret } from '@sallyport/core';
import {
  readAuthenticationType,
  refuseWithoutCallers,
} from './authentication/authentication-type.ts';
import { readCallQuota } from './callers/read-call-quota.ts';
import type { Config } from './config.ts';
import type { Variables } from './process/unsafe-process.ts';
import { refusePlaceholder } from './values/placeholders.ts';
import { judgeRedisUrl } from './values/redis-url.ts';
import type { Settings } from './values/settings.ts';
import {
  anonymousChallenge,
  anonymousMethods,
  anonymousRequestsPerMinute,
  anonymousTools,
} from './variables/anonymous-variables.ts';
import { assertionKey, assertionPublishedKeys } from './variables/assertion-variables.ts';
import { denialList } from './variables/denial-variables.ts';
import { introspectionAudience } from './variables/introspection-variables.ts';
import { jwtAudience, jwtIssuers } from './variables/jwt-variables.ts';
import { allowPrivateNetwork, egressProxy } from './variables/network-variables.ts';
import {
  authorizationServers,
  maxBodyBytes,
  maxTokenBytes,
  metadataAtRoot,
  port,
  rateLimitEnabled,
  rateLimitMaxAttempts,
  rateLimitRedisUrl,
  rateLimitWindow,
  resourceUrl,
  scopeHierarchy,
  sessionSecret,
  toolScopes,
  trustedProxyHops,
} from './variables/server-variables.ts';
import type { Variable } from './variables/variable.ts';

/** Everything that is the same for all types of authentication. */
export type ServerConfig = Pick<
  Config,
  | 'host'
  | 'port'
  | 'resource'
  | 'authorizationServers'
  | 'toolScopes'
  | 'anonymous'
  | 'scopeHierarchy'
  | 'rateLimit'
  | 'callQuota'
  | 'denialList'
  | 'trustedProxyHops'
  | 'maximumBodyBytes'
  | 'maximumTokenBytes'
  | 'metadataAtRoot'
  | 'sessionSecret'
  | 'assertionKey'
  | 'publishedAssertionKeys'
  | 'network'
>;

/** What the authentication says about the rest. */
export interface AuthenticationFacts {
  /** Of the tokens: where exactly one is an https URL, it is this server's. */
  readonly audiences: readonly string[];
  /** The only connections go to a provider on the Internet, so none to a private network is needed. */
  readonly isHosted: boolean;
}

/** Reads the variables that all types of authentication share. */
export function readServer(
  settings: Settings,
  environment: Environment,
  { audiences, isHosted }: AuthenticationFacts,
  variables: Variables,
): ServerConfig {
  const listenPort = settings.read(port);
  return {
    // What is for development listens to this machine alone.
    host: environment.isProduction ? '0.0.0.0' : '127.0.0.1',
    port: listenPort,
    resource: readResource(settings, environment, audiences, listenPort),
    authorizationServers: settings.read(authorizationServers),
    toolScopes: settings.read(toolScopes),
    anonymous: readAnonymous(settings),
    scopeHierarchy: settings.read(scopeHierarchy),
    ...readLimits(settings, environment),
    denialList: readDenialList(settings, environment),
    trustedProxyHops: readHops(settings, variables),
    maximumBodyBytes: settings.read(maxBodyBytes),
    maximumTokenBytes: readTokenBytes(settings),
    metadataAtRoot: settings.read(metadataAtRoot),
    sessionSecret: readSecret(settings, sessionSecret),
    assertionKey: readSecret(settings, assertionKey),
    publishedAssertionKeys: settings.read(assertionPublishedKeys).map((key) => new Secret(key)),
    network: readNetwork(settings, isHosted),
  };
}

function readAnonymous(settings: Settings): Config['anonymous'] {
  const tools = settings.read(anonymousTools);
  const methods = settings.read(anonymousMethods);
  const challenge = settings.read(anonymousChallenge);
  const maximumRequestsPerMinute = settings.read(anonymousRequestsPerMinute);
  if (tools.length + methods.length > 0) {
    return { tools, methods, challenge, maximumRequestsPerMinute };
  }
  for (const variable of [anonymousChallenge, anonymousRequestsPerMinute]) {
    if (!settings.isSet(variable)) continue;
    settings.warn(variable, `has no effect: ${anonymousTools.name} is not set`);
  }
  return undefined;
}

function readResource(
  settings: Settings,
  environment: Environment,
  audiences: readonly string[],
  listenPort: number,
): string {
  if (!settings.isSet(resourceUrl)) {
    if (!environment.isProduction) return `http://localhost:${listenPort}/mcp`;
    const urls = new Set(audiences.filter((audience) => audience.startsWith('https://')));
    const [first, second] = urls;
    if (second !== undefined) {
      settings.refuse(
        resourceUrl,
        `is missing. The audiences in ${jwtAudience.name} and ${jwtIssuers.name} are several https URLs, and only one can be this server. Set it to that one`,
      );
      return first ?? '';
    }
    if (first !== undefined) {
      warnOfRoot(settings, first);
      return first;
    }
    if (mayBeAudience(settings)) return '';
  }
  const resource = settings.require(resourceUrl);
  refusePlaceholder(settings, resourceUrl, resource, environment);
  return resource ?? '';
}

/** Whether another variable has to be set right before it is known that an address is missing. */
function mayBeAudience(settings: Settings): boolean {
  const audiences = [jwtAudience, introspectionAudience];
  const type = readAuthenticationType(settings);
  if (type === undefined) return audiences.some(settings.isSet);
  if (type !== 'jwt' && type !== 'introspection') return false;
  const audience = type === 'jwt' ? jwtAudience : introspectionAudience;
  if (!settings.isUnknown(audience)) return false;
  return settings.isAnswered(audience) || settings.textOf(audience).includes('https://');
}

// What the request line and the other header fields of a client take, with a margin.
const otherFieldsBytes = 2_048;

/** Node refuses larger header fields with 431 before the gate sees the request. */
function readTokenBytes(settings: Settings): number {
  const bytes = settings.read(maxTokenBytes);
  if (bytes + otherFieldsBytes > maxHeaderSize) {
    settings.warn(
      maxTokenBytes,
      `is more than Node accepts: it answers 431 to more than ${maxHeaderSize} bytes of header fields. Start Node with --max-http-header-size=${bytes + 2 * otherFieldsBytes}`,
    );
  }
  return bytes;
}

function readSecret(
  settings: Settings,
  variable: Variable<string | undefined>,
): Secret | undefined {
  const text = settings.read(variable);
  return text === undefined ? undefined : new Secret(text);
}

/** The audience is often the origin alone, and the endpoint of most servers is /mcp. */
function warnOfRoot(settings: Settings, audience: string): void {
  if (!URL.canParse(audience) || new URL(audience).pathname !== '/') return;
  const origin = audience.replace(/\/$/, '');
  settings.warn(
    resourceUrl,
    `is not set, and the audience has no path: the MCP endpoint is at ${origin}/ and not at /mcp. For /mcp, set it to ${origin}/mcp`,
  );
}

/** Failures and calls are counted in the same Redis. */
function readLimits(
  settings: Settings,
  environment: Environment,
): Pick<Config, 'rateLimit' | 'callQuota'> {
  const isEnabled = settings.read(rateLimitEnabled);
  const maximumAttempts = settings.read(rateLimitMaxAttempts);
  const windowSeconds = settings.read(rateLimitWindow);
  const text = settings.read(rateLimitRedisUrl);
  const redisUrl = text === undefined ? undefined : new Secret(text);
  const callQuota = readCallQuota(settings, redisUrl);
  if (!isEnabled) {
    settings.warn(rateLimitEnabled, 'is false: tokens can be guessed at without end');
  }
  if (text !== undefined && (isEnabled || callQuota !== undefined)) {
    judgeRedisUrl(settings, rateLimitRedisUrl, environment);
  }
  const rateLimit = isEnabled ? { maximumAttempts, windowSeconds, redisUrl } : undefined;
  return { rateLimit, callQuota };
}

function readNetwork(settings: Settings, isHosted: boolean): Config['network'] {
  const isPrivateAllowed = settings.read(allowPrivateNetwork);
  if (isPrivateAllowed && isHosted) {
    settings.warn(
      allowPrivateNetwork,
      'has no effect: the provider of the preset is on the Internet. Take it away',
    );
  } else if (isPrivateAllowed) {
    settings.warn(
      allowPrivateNetwork,
      'is true: an attacker who controls the DNS of the authorization server can make this server connect to your network',
    );
  }
  return { allowPrivateNetwork: isPrivateAllowed, proxyUrl: settings.read(egressProxy) };
}

function readDenialList(settings: Settings, environment: Environment): Config['denialList'] {
  const place = settings.read(denialList);
  if (place === undefined) return undefined;
  refuseWithoutCallers(settings, denialList);
  if (place.startsWith('/')) return { path: place };
  judgeRedisUrl(settings, denialList, environment);
  return { redisUrl: new Secret(place) };
}

/** On Cloud Run there is always a proxy in front, and only its owner knows whether there are more. */
function readHops(settings: Settings, variables: Variables): number {
  const isCloudRun = (variables['K_SERVICE'] ?? '') !== '';
  const hops = isCloudRun ? settings.require(trustedProxyHops) : settings.read(trustedProxyHops);
  return hops ?? 0;
}
