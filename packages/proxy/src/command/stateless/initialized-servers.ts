/** The child processes of callers without sessions: one for each caller, or one for all. */
import type { Caller } from '../caller.ts';
import { type JsonObject, metaOf } from '../messages/messages.ts';
import type { Refusal } from '../process/process-pool.ts';
import {
  type InitializedServer,
  type InitializedServerOptions,
  startInitializedServer,
} from './initialized-server.ts';

/** Finds or starts the child process of a caller. */
export interface InitializedServers {
  find(caller: Caller, message: JsonObject): Promise<InitializedServer | Refusal>;
}

const sharedName = 'shared';

/** @param isShared Whether all callers have the same process. */
export function createInitializedServers(
  options: InitializedServerOptions,
  isShared: boolean,
): InitializedServers {
  const servers = new Map<string, Promise<InitializedServer | Refusal>>();
  // The command is the same for all, so what one process said holds for the next ones.
  let prefersStateless = !isShared;

  async function start(
    name: string,
    message: JsonObject,
    forget: () => void,
  ): Promise<InitializedServer | Refusal> {
    const begin = (asksFirst: boolean, onEnd: () => void) =>
      startInitializedServer(options, {
        name,
        isPermanent: isShared,
        prefersStateless: asksFirst,
        meta: isShared ? {} : metaOf(message),
        onEnd,
      });
    const asksFirst = prefersStateless;
    let isSettled = false;
    let hasEnded = false;
    let server = await begin(asksFirst, () => {
      hasEnded = true;
      if (isSettled) forget();
    });
    if (asksFirst && !isReady(server) && hasEnded) {
      // Some servers end when they are asked what they do not know.
      server = await begin(false, forget);
    }
    isSettled = true;
    if (!isReady(server)) forget();
    else prefersStateless &&= server.prefersStateless;
    return server;
  }

  return {
    async find(caller, message) {
      const owner = isShared ? sharedName : caller.owner;
      let server = servers.get(owner);
      if (server === undefined) {
        const started = start(isShared ? sharedName : caller.user, message, () => {
          if (servers.get(owner) === started) servers.delete(owner);
        });
        server = started;
        servers.set(owner, started);
      }
      const found = await server;
      if (isReady(found)) found.touch();
      return found;
    },
  };
}

export function isReady(server: InitializedServer | Refusal): server is InitializedServer {
  return 'greeting' in server;
}
