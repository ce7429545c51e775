import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@sallyport/config';
import { ConfigError, type EventListener } from '@sallyport/core';
import { anonymousAccess, createSecuritySchemes } from '@sallyport/mcp-adapter/anonymous';
import {
  createCommandUpstream,
  createHttpUpstream,
  type HttpUpstream,
  type HttpUpstreamOptions,
  type Upstream,
} from '@sallyport/proxy';
import type { Surroundings } from '../surroundings.ts';
import type { ServeOptions, Target } from './serve-options.ts';

/** What an upstream is made with. */
export interface UpstreamContext {
  /** What a caller may use: the rest is left out of lists. */
  readonly permits: NonNullable<HttpUpstreamOptions['permits']>;
  /** What the settings say about an HTTP upstream. */
  readonly overHttp: Pick<
    HttpUpstreamOptions,
    'assertionKey' | 'publishedKeys' | 'securitySchemes'
  >;
  readonly options: Pick<ServeOptions, 'pass' | 'shared' | 'reload'>;
  readonly surroundings: Pick<Surroundings, 'variables' | 'folder'>;
  readonly onEvent: EventListener;
}

/** An upstream, with its keys where it has some. */
export type OpenUpstream = Upstream &
  Partial<Pick<HttpUpstream, 'serveKeySet' | 'replaceAssertionKey'>>;

/**
 * Puts the server behind the gate. It starts with the first request.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function openUpstream(
  target: Target,
  { permits, overHttp, options: { pass, shared }, surroundings, onEvent }: UpstreamContext,
): OpenUpstream {
  if (target.kind === 'http') {
    return createHttpUpstream({ ...overHttp, url: target.url, permits, onEvent });
  }
  const launched =
    target.kind === 'command'
      ? target
      : { command: process.execPath, args: moduleArguments(target.file) };
  return createCommandUpstream({
    command: launched.command,
    args: launched.args,
    directory: surroundings.folder,
    environment: surroundings.variables,
    ...(pass !== undefined && { variables: pass }),
    ...(shared !== undefined && { shared }),
    permits,
    onEvent,
  });
}

/** Node runs TypeScript by itself from 22.18 on, and does so with a flag before. */
export function moduleArguments(file: string): readonly string[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isTypeScript = /^\.[cm]?ts$/.test(extname(file));
  const needsFlag = isTypeScript && major === 22 && minor < 18;
  // In the repository this file is TypeScript. In the package it is bundled one folder further up.
  const isSource = import.meta.url.endsWith('.ts');
  const path = isSource ? './module-program.ts' : './serve/module-program.js';
  const program = fileURLToPath(new URL(path, import.meta.url));
  return [...(needsFlag ? ['--experimental-strip-types'] : []), '--no-warnings', program, file];
}

/** @throws {ConfigError} When a command is to serve callers without a token. */
export function assertAnonymousFits({ anonymous }: Config, { kind }: Target): void {
  if (anonymous === undefined || kind === 'http') return;
  throw new ConfigError(
    `FASTMCP_SERVER_AUTH_ANONYMOUS_${anonymous.tools.length > 0 ? 'TOOLS' : 'METHODS'}`,
    'needs a server over HTTP: no process starts for a caller without a token. Start the server yourself, and give its URL with --upstream',
  );
}

/** Says in `tools/list` which tools need a token, if some do not. */
export function describeSecurity({
  anonymous,
  authentication,
  toolScopes = {},
}: Config): Pick<HttpUpstreamOptions, 'securitySchemes'> {
  if (anonymous === undefined) return {};
  const { provider, audience } = { provider: undefined, audience: undefined, ...authentication };
  const { requestName } = provider ?? {};
  return {
    securitySchemes: createSecuritySchemes({
      tools: toolScopes,
      anonymous: anonymousAccess(anonymous),
      ...(requestName !== undefined &&
        audience !== undefined && {
          requestName: (scope: string) => requestName(scope, audience),
        }),
    }),
  };
}
