/** The first question to a child process: which revision of MCP it speaks. */
import { isObject, type JsonObject, member, type Outcome } from '../messages/messages.ts';
import { metaNames, statelessRevision } from '../messages/revision.ts';
import type { ServerProcess } from '../process/server-process.ts';
import type { InitializedUser } from './initialized-server.ts';

// A server that does not know `server/discover` says so at once. Some say nothing. A slow start must not pass for that.
const discoverShare = 1 / 3;
const latestWithSessions = '2025-11-25';

/** What a process said of itself. */
export interface Greeted {
  /** Whether it speaks the revision without sessions itself. Otherwise requests must be translated. */
  readonly isStateless: boolean;
  /** Whether the next process of this command should be asked for that revision first. */
  readonly prefersStateless: boolean;
  /** Its answer to `server/discover`, or to `initialize`. */
  readonly greeting: JsonObject;
}

/** Asks which revision the process speaks. */
export async function greet(
  process: ServerProcess,
  { prefersStateless, meta }: Pick<InitializedUser, 'prefersStateless' | 'meta'>,
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
