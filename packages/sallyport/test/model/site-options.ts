/** What a site is started with. */
import { detectEnvironment, type Environment, type Secret } from '@sallyport/core';
import type { KeyEvent } from '@sallyport/verifier-jwt';
import type { Facts } from './facts.ts';
import type { IntrospectionHost } from './introspection-host.ts';
import type { KeyHost } from './key-host.ts';
import type { RedisBehindProxy } from './redis-behind-proxy.ts';

export const resource = 'https://mcp.example.com/mcp';
export const environment: Environment = detectEnvironment({ ENVIRONMENT: 'test' });

/** The services, which every run uses again. */
export interface Services {
  readonly keyHost: KeyHost;
  readonly introspectionHost: IntrospectionHost;
  readonly redis: RedisBehindProxy;
}

/** Secrets by their numbers. */
export interface Secrets {
  readonly hmac: (index: number) => string;
  readonly client: (index: number) => string;
  readonly apiKey: (index: number) => Secret;
}

export interface SiteOptions {
  readonly services: Services;
  readonly secrets: Secrets;
  /** The site reads its clocks and writes what its services answered. */
  readonly facts: Facts;
  /** The names that the run writes in Redis begin with it. */
  readonly prefix: string;
  /** The file of API keys of the gate `hmac`. */
  readonly keyFilePath: string;
  readonly onKeyFetch: (event: KeyEvent) => void;
}

/** Reports whether a store is available, by the type of an event. */
export type StoreListener = (event: { readonly type: string }) => void;
