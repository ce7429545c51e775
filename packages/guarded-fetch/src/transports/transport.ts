/** How a guarded fetch sends its requests. There is one transport for Node and one for other runtimes. */
import type { AuthError } from '@sallyport/core';
import type { AddressPolicy } from '../addresses/address.ts';
import type { Resolver } from '../addresses/guarded-lookup.ts';

/** What a transport is opened with. */
export interface TransportOptions {
  /** What the URL's option is called in errors. */
  readonly option: string;
  readonly policy: AddressPolicy;
  readonly timeoutMs: number;
  readonly proxyUrl: string | undefined;
  readonly resolve: Resolver | undefined;
}

/** One request. Redirects are never followed. */
interface TransportRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  readonly body?: URLSearchParams | string;
  readonly signal: AbortSignal;
}

/** The part of a response that a guarded fetch reads. */
export interface TransportResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

/** Sends requests. */
export interface Transport {
  /** Loads what {@link send} needs. Left out where there is nothing to load. */
  load?(): Promise<unknown>;
  send(url: URL, request: TransportRequest): Promise<TransportResponse>;
  /** Turns the error of a request into a refusal that names the cause. */
  explain(error: unknown): AuthError;
  /** Closes all connections at once. */
  close(): Promise<void>;
}

/** @throws {ConfigError} When the transport cannot do what an option says. */
export type OpenTransport = (options: TransportOptions) => Transport;
