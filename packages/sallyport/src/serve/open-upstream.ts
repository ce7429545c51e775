import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventListener } from '@sallyport/core';
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
  /** What the gate and its settings say about an HTTP upstream. */
  readonly overHttp: Pick<HttpUpstreamOptions, 'assertionKey' | 'publishedKeys' | 'permits'>;
  readonly options: Pick<ServeOptions, 'pass' | 'shared' | 'reload'>;
  readonly surroundings: Pick<Surroundings, 'variables' | 'folder'>;
  readonly onEvent: EventListener;
}

/** An upstream, with its keys where it has some. */
export type OpenUpstream = Upstream &
  Partial<Pick<HttpUpstream, 'serveKeySet' | 'replaceAssertionKey'>>;

/**
 * Puts the server behind the gate. It is not started before somebody asks it something.
 *
 * @throws {ConfigError} When an option is wrong.
 */
export function openUpstream(
  target: Target,
  { overHttp, options: { pass, shared }, surroundings, onEvent }: UpstreamContext,
): OpenUpstream {
  if (target.kind === 'http') return createHttpUpstream({ ...overHttp, url: target.url, onEvent });
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
