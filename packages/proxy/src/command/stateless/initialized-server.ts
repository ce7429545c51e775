/** A child process that the proxy itself has begun to talk to, for callers that have no session with it. */
import type { JsonObject, Outcome } from '../messages/messages.ts';
import { errorCodes, errorMessage, isObject, member } from '../messages/messages.ts';
import { metaNames, statelessRevision } from '../messages/revision.ts';
import type { Refusal } from '../process/process-pool.ts';
import type { ServerProcess, ServerStarter } from '../process/server-process.ts';
import type { ServerPort } from '../sessions/server-port.ts';

/** Takes what the child process sends without being asked. */
type NotificationListener = (notification: JsonObject) => void;

/** A child process that is ready for requests. */
export interface InitializedServer extends ServerPort {
  /** Whether it speaks the revision without sessions itself. Otherwise requests must be translated. */
  readonly isStateless: boolean;
  /** Whether the next process of this command should be asked for that revision first. */
  readonly prefersStateless: boolean;
  /** Its answer to `server/discover`, or to `initialize`. */
  readonly greeting: JsonObject;
  /**
   * @param onEnd Called when the process is gone.
   * @returns The function that ends the subscription.
   */
  listen(listener: NotificationListener, onEnd?: () => void): () => void;
  touch(): void;
}

/** Whose process it is. */
export interface InitializedUser {
  /** Whom limits and delays after crashes count for. */
  readonly name: string;
  /** Whether it stays when nobody uses it. */
  readonly isPermanent: boolean;
  /** Whether it is asked for the revision without sessions first. */
  readonly prefersStateless: boolean;
  /** `_meta` of the first request: who the client is. */
  readonly meta: JsonObject;
  onEnd(): void;
}

/** Options for {@link startInitializedServer}. */
export interface InitializedServerOptions {
  readonly starter: ServerStarter;
  readonly startTimeoutMs: number;
  /** Clock, in milliseconds. */
  readonly monotonicNow: () => number;
}

// A server that does not know `server/discover` says so at once. Some say nothing. A slow start must not pass for that.
const discoverShare = 1 / 3;
const latestWithSessions = '2025-11-25';

export async function startInitializedServer(
  options: InitializedServerOptions,
  user: InitializedUser,
): Promise<InitializedServer | Refusal> {
  const { starter, startTimeoutMs, monotonicNow } = options;
  const listeners = new Map<NotificationListener, (() => void) | undefined>();
  let lastUsedAt = monotonicNow();
  let hasEnded = false;
  let process: ServerProcess | undefined;

  const started = await starter.start({
    name: user.name,
    get isIdle() {
      return !user.isPermanent && listeners.size === 0;
    },
    get lastUsedAt() {
      return lastUsedAt;
    },
    onRequest(message) {
      // Nobody knows which caller it is for, and none of them said that they take it.
      const text = 'No client of this server takes requests';
      process?.notify(errorMessage(message['id'], errorCodes.methodNotFound, text));
    },
    onNotification(message) {
      for (const listener of listeners.keys()) listener(message);
    },
    onEnd() {
      hasEnded = true;
      user.onEnd();
      for (const onEndOfListener of listeners.values()) onEndOfListener?.();
    },
  });
  if ('fault' in started) return started;
  process = started;

  const greeted = await greet(started, user, startTimeoutMs);
  if (greeted === undefined) {
    // The reason stays the process's own if it has ended already.
    void started.end('start_timeout');
    return { fault: 'start_failed' };
  }
  if (hasEnded) return { fault: 'ended' };
  return {
    ...greeted,
    request: started.request,
    notify: started.notify,
    listen(listener, onEnd) {
      listeners.set(listener, onEnd);
      return () => void listeners.delete(listener);
    },
    touch() {
      lastUsedAt = monotonicNow();
    },
  };
}

type Greeted = Pick<InitializedServer, 'isStateless' | 'prefersStateless' | 'greeting'>;

/** Asks which revision the process speaks. */
async function greet(
  process: ServerProcess,
  { prefersStateless, meta }: InitializedUser,
  timeoutMs: number,
): Promise<Greeted | undefined> {
  const askOlder = async (): Promise<Greeted | undefined> => {
    const greeting = await initialize(process, meta, timeoutMs);
    return greeting && { isStateless: false, prefersStateless: false, greeting };
  };
  if (!prefersStateless) return askOlder();
  const discovering = discover(process, meta, timeoutMs);
  const isQuick = await Promise.race([
    discovering.then(() => true),
    wait(timeoutMs * discoverShare),
  ]);
  if (isQuick) return toStateless(await discovering) ?? askOlder();
  // A server of SDK v2 that gets both questions answers both, and then speaks the older revision.
  const older = await askOlder();
  if (older === undefined) return toStateless(await discovering);
  const discovered = await Promise.race([discovering, undefined]);
  return { ...older, prefersStateless: discovered !== undefined };
}

function toStateless(greeting: JsonObject | undefined): Greeted | undefined {
  return greeting && { isStateless: true, prefersStateless: true, greeting };
}

async function wait(milliseconds: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds, false).unref();
  });
}

async function discover(
  process: ServerProcess,
  meta: JsonObject,
  timeoutMs: number,
): Promise<JsonObject | undefined> {
  // Never what the client wrote besides: a server that refuses it would pass for one of an older revision.
  const params = {
    _meta: {
      [metaNames.protocolVersion]: statelessRevision,
      [metaNames.clientInfo]: readClientInfo(meta),
      [metaNames.clientCapabilities]: {},
    },
  };
  const outcome = await ask(process, 'server/discover', { params, timeoutMs });
  const versions = member(outcome?.result, 'supportedVersions');
  const isKnown = Array.isArray(versions) && versions.includes(statelessRevision);
  return isKnown ? (outcome?.result as JsonObject) : undefined;
}

async function initialize(
  process: ServerProcess,
  meta: JsonObject,
  timeoutMs: number,
): Promise<JsonObject | undefined> {
  const params = {
    protocolVersion: latestWithSessions,
    // Nothing that the server could ask reaches a client, so it is told not to ask.
    capabilities: {},
    clientInfo: readClientInfo(meta),
  };
  const { result } = (await ask(process, 'initialize', { params, timeoutMs })) ?? {};
  if (!isObject(result)) return undefined;
  process.notify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return result;
}

/** Who the client is, where it says so in the form that servers expect. */
function readClientInfo(meta: JsonObject): JsonObject {
  const info = meta[metaNames.clientInfo];
  const [name, version] = [member(info, 'name'), member(info, 'version')];
  const isSaid = typeof name === 'string' && typeof version === 'string';
  return isSaid ? { name, version } : { name: 'sallyport', version: '1' };
}

/** @returns `undefined` when there is no answer in time. */
function ask(
  process: ServerProcess,
  method: string,
  { params, timeoutMs }: { readonly params: JsonObject; readonly timeoutMs: number },
): Promise<Outcome | undefined> {
  return new Promise((resolve) => {
    process.request(
      { jsonrpc: '2.0', method, params },
      { onAnswer: resolve, onFailure: () => resolve(undefined), onProgress() {} },
      timeoutMs,
    );
  });
}
