/** An upstream that is made anew when a file of its server changes. */
import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type OpenUpstream, openUpstream, type UpstreamContext } from './open-upstream.ts';
import type { Target } from './serve-options.ts';

/** An upstream, whichever one is in use. */
export type ReloadableUpstream = Required<OpenUpstream>;

// Editors write a file in several steps.
const settleMs = 150;

/**
 * Opens an upstream. Its sessions end when it is made anew, so that clients begin new ones.
 *
 * @param isWatched Whether files are watched: those among the arguments of a command, and a module.
 * @throws {ConfigError} When an option is wrong.
 */
export function createReloadableUpstream(
  target: Target,
  context: UpstreamContext,
  isWatched: boolean,
): ReloadableUpstream {
  let current = openUpstream(target, context);
  let timer: NodeJS.Timeout | undefined;
  const reload = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const previous = current;
      current = openUpstream(target, context);
      context.onEvent({ type: 'upstream_reloaded', name: basename(file) });
      void previous.close();
    }, settleMs);
  };
  const isWanted = isWatched && context.options.reload !== false;
  const files = isWanted ? filesOf(target, context.surroundings.folder) : [];
  const watchers = files.flatMap((file) => watchFile(file, reload) ?? []);
  return {
    handle: (request, response, body) => current.handle(request, response, body),
    health: () => current.health(),
    serveKeySet: (request, response) => current.serveKeySet?.(request, response) ?? false,
    replaceAssertionKey: (next) => current.replaceAssertionKey?.(next),
    async close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      await current.close();
    },
  };
}

/**
 * Watches the folder, because editors replace a file by another one of its name.
 *
 * @returns `undefined` when the system allows no further watcher: the server then runs without reload.
 */
function watchFile(file: string, onChange: (file: string) => void): FSWatcher | undefined {
  const name = basename(file);
  try {
    return watch(dirname(file), { persistent: false }, (_event, changed) => {
      if (changed === name) onChange(file);
    }).on('error', () => {});
  } catch {
    return undefined;
  }
}

function filesOf(target: Target, folder: string): readonly string[] {
  if (target.kind === 'http') return [];
  if (target.kind === 'module') return [target.file];
  return target.args
    .map((word) => resolve(folder, word))
    .filter((path) => existsSync(path) && statSync(path).isFile());
}
