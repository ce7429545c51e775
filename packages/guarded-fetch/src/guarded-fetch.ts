import { type Checks, ConfigError, check, checkOptions, type Environment } from '@sallyport/core';
import type { AddressPolicy } from './addresses/address.ts';
import type { Resolver } from './addresses/guarded-lookup.ts';
import { readBounded } from './bounded-body.ts';
import { parseEndpoint } from './endpoint.ts';
import { findJsonFault } from './json-fault.ts';
import { readRetryAfter } from './retry-after.ts';
import type { OpenTransport } from './transports/transport.ts';
import { unavailable } from './unavailable.ts';

/** Options for {@link createGuardedFetch}. */
export interface GuardedFetchOptions {
  /** What is asked: fixed here, so that no request can choose where it goes. */
  readonly url: string;
  /** Where the program runs. In production this machine is never connected to. */
  readonly environment: Environment;
  /** Time for one whole request with its body, in seconds: 0.001 to 60. */
  readonly timeoutSeconds: number;
  /** Largest body after decompression, in bytes. Default 262,144 (256 KiB). */
  readonly maximumBytes?: number;
  /**
   * Media types that are asked for (`Accept`), and accepted of a 200 answer besides every `+json`.
   * Default `application/json`. The bodies of types that are no JSON come as text.
   */
  readonly mediaTypes?: readonly string[];
  /**
   * Media types that are not asked for, and whose bodies are parsed as JSON all the same: servers of plain files
   * label JSON wrongly. An empty string stands for an answer without `Content-Type`. Default none.
   */
  readonly wrongMediaTypes?: readonly string[];
  /** Statuses whose body is read and judged, 200 besides. Default none. */
  readonly readStatuses?: readonly number[];
  /** For an authorization server in one's own network. Metadata services stay out. Default false. */
  readonly allowPrivateNetwork?: boolean;
  /**
   * An HTTP proxy to send everything through, such as `http://proxy.internal:3128`. The proxy
   * resolves the host name, so only addresses written in the URL are judged. Variables such as
   * `HTTPS_PROXY` are not read. Default none.
   */
  readonly proxyUrl?: string;
  /** What the URL's option is called in errors. Default `url`. */
  readonly option?: string;
  /** Default: the operating system's resolver. */
  readonly resolve?: Resolver;
}

/** What to send. Without a body it is a GET, with one a POST. */
export interface GuardedRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, or text of the `Content-Type` among the headers. */
  readonly body?: URLSearchParams | string;
  /** Aborts when the caller no longer waits. */
  readonly signal: AbortSignal;
}

/** An answer that came in whole, in time and in bounds. */
export interface GuardedResponse {
  readonly status: number;
  /**
   * The parsed body of a 200 answer, and of the statuses that are read. `undefined` for every other
   * status, and for a body that is no JSON.
   */
  readonly json: unknown;
  /** The body of a 200 answer as it came. */
  readonly text: string | undefined;
  /** `Retry-After`, in seconds from now, at most an hour; `undefined` without a usable one. */
  readonly retryAfterSeconds: number | undefined;
  /** `max-age` of `Cache-Control`, in seconds; `undefined` without one. */
  readonly maxAgeSeconds: number | undefined;
}

/** Asks one URL for JSON. */
export interface GuardedFetch {
  /**
   * @throws {AuthError} `upstream_unavailable` whenever there is no answer to judge: refused
   *   address, no connection, redirect, too slow, too large, or a 200 that is no JSON.
   */
  request(request: GuardedRequest): Promise<GuardedResponse>;
  /** Closes all connections at once. */
  close(): Promise<void>;
}

const defaultMediaTypes = ['application/json'];
// Some firewalls refuse requests without one.
const userAgent = 'sallyport';

const optionChecks: Checks<GuardedFetchOptions> = {
  url: check.text,
  environment: check.environment,
  timeoutSeconds: check.number,
  maximumBytes: check.optional(check.number),
  mediaTypes: check.optional(check.texts),
  wrongMediaTypes: check.optional(check.texts),
  readStatuses: check.optional(check.listOf(check.number)),
  allowPrivateNetwork: check.optional(check.flag),
  proxyUrl: check.optional(check.text),
  option: check.optional(check.text),
  resolve: check.optional(check.callback),
};

/**
 * Makes a guarded fetch over one way to send requests.
 *
 * @throws {ConfigError} When the URL or a number is out of range, or the transport lacks an option.
 */
export function createGuardedFetchOver(
  openTransport: OpenTransport,
  given: GuardedFetchOptions,
): GuardedFetch {
  const options = checkOptions('url', given, optionChecks);
  const { environment, timeoutSeconds, maximumBytes = 262_144, proxyUrl, option = 'url' } = options;
  const { mediaTypes = defaultMediaTypes, wrongMediaTypes = [] } = options;
  const { allowPrivateNetwork = false } = options;
  const readStatuses = new Set([200, ...(options.readStatuses ?? [])]);
  const policy: AddressPolicy = { allowLoopback: !environment.isProduction, allowPrivateNetwork };
  const url = parseEndpoint(option, options.url, policy);
  if (!(timeoutSeconds >= 0.001 && timeoutSeconds <= 60)) {
    throw new ConfigError(`${option}.timeoutSeconds`, 'must be from 0.001 to 60');
  }
  if (!(Number.isInteger(maximumBytes) && maximumBytes >= 1)) {
    throw new ConfigError(`${option}.maximumBytes`, 'must be a whole number of at least 1');
  }
  const { resolve } = options;
  const timeoutMs = Math.round(timeoutSeconds * 1_000);
  const transport = openTransport({ option, policy, timeoutMs, proxyUrl, resolve });
  const wanted = { Accept: mediaTypes.join(', '), 'User-Agent': userAgent };

  return {
    async request({ headers = {}, body, signal }) {
      const fields = toHeaders({ ...wanted, ...headers });
      // Only the network has a time limit: a busy machine may take seconds to load a module.
      await transport.load?.();
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        const response = await transport.send(url, {
          method: body === undefined ? 'GET' : 'POST',
          headers: fields,
          ...(body !== undefined && { body }),
          signal: AbortSignal.any([signal, deadline]),
        });
        const { status } = response;
        // A browser's `fetch` hides the status of a redirect behind 0.
        if (status === 0) throw unavailable('a redirect');
        if (status >= 300 && status < 400) throw unavailable(`HTTP ${status}: a redirect`);
        const retryAfterSeconds = readRetryAfter(response.headers.get('Retry-After'));
        if (!readStatuses.has(status)) {
          await response.body?.cancel();
          const nothing = { json: undefined, text: undefined, maxAgeSeconds: undefined };
          return { status, ...nothing, retryAfterSeconds };
        }
        const maxAgeSeconds = readMaxAge(response.headers.get('Cache-Control'));
        const contentType = response.headers.get('Content-Type');
        const bytes = await readBounded(response.body, maximumBytes);
        if (status !== 200) {
          const json = readErrorBody(contentType, bytes);
          return { status, json, text: undefined, retryAfterSeconds, maxAgeSeconds };
        }
        const mediaType = readMediaType(contentType, [...mediaTypes, ...wrongMediaTypes]);
        const text = decode(bytes);
        const content =
          isJson(mediaType) || wrongMediaTypes.includes(mediaType)
            ? { json: parseJson(text), text }
            : { json: undefined, text };
        return { status, ...content, retryAfterSeconds, maxAgeSeconds };
      } catch (error) {
        if (deadline.aborted) throw unavailable(`no answer within ${timeoutMs} ms`, error);
        if (signal.aborted) throw unavailable('the caller stopped waiting', error);
        throw transport.explain(error);
      }
    },

    close: () => transport.close(),
  };
}

function toHeaders(fields: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(fields);
  } catch {
    // No cause: what the runtime says quotes the value, which may be a secret.
    throw unavailable('a header that cannot be sent');
  }
}

function readMediaType(contentType: string | null, mediaTypes: readonly string[]): string {
  const mediaType = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaTypes.includes(mediaType) || mediaType.endsWith('+json')) return mediaType;
  throw unavailable(`the answer is not JSON by its Content-Type${describeMediaType(mediaType)}`);
}

/** Only a common type is repeated: the field could hold anything. */
function describeMediaType(mediaType: string): string {
  return /^(?:text|application)\/[a-z.+-]{1,40}$/.test(mediaType) ? `: ${mediaType}` : '';
}

/** Proxies and firewalls answer errors in HTML: the status is still an answer. */
function readErrorBody(contentType: string | null, bytes: Uint8Array): unknown {
  try {
    if (!isJson(readMediaType(contentType, defaultMediaTypes))) return undefined;
    const text = decode(bytes);
    const json = parseJson(text);
    // An error that can be read in two ways says nothing.
    return findJsonFault(text, json) === undefined ? json : undefined;
  } catch {
    return undefined;
  }
}

function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unavailable('the answer is no JSON: not UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No cause: what JSON.parse says quotes the body.
    throw unavailable('the answer is no JSON');
  }
}

function readMaxAge(cacheControl: string | null): number | undefined {
  const seconds = /(?:^|,)\s*max-age=(\d{1,9})(?:\s*,|\s*$)/i.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
