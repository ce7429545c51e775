/** Translates MCP 2026-07-28 to the revisions with sessions, which most servers over stdio speak. */
import {
  isObject,
  type JsonObject,
  member,
  metaOf,
  type Outcome,
  withParams,
} from '../messages/messages.ts';
import { metaNames, statelessRevision } from '../messages/revision.ts';

// What exists in both revisions and depends on no session.
const translated: ReadonlySet<unknown> = new Set([
  'completion/complete',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'tools/call',
  'tools/list',
]);

// MCP 2026-07-28, "Caching": their results must say how long they hold.
const cacheable: ReadonlySet<unknown> = new Set([
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'tools/list',
]);

const ofTheRevision = /^io\.modelcontextprotocol\//;

/** Whether a server of an older revision can answer this method. */
export function isTranslatable(message: JsonObject): boolean {
  return translated.has(message['method']);
}

/** Removes the members of `_meta` that older revisions do not know. A request without `_meta` is refused before. */
export function toOlderRequest(message: JsonObject): JsonObject {
  const { _meta, ...others } = message['params'] as JsonObject;
  const meta = Object.fromEntries(
    Object.entries(metaOf(message)).filter(([name]) => !ofTheRevision.test(name)),
  );
  return withParams(message, Object.keys(meta).length === 0 ? others : { ...others, _meta: meta });
}

/** Adds to a result what 2026-07-28 demands. Caches must not share it: it may be the caller's own. */
export function toNewerOutcome(
  message: JsonObject,
  outcome: Outcome,
  greeting: JsonObject,
): Outcome {
  const { result } = outcome;
  if (!isObject(result)) return outcome;
  return {
    result: {
      ...result,
      ...(cacheable.has(message['method']) && { ttlMs: 0, cacheScope: 'private' }),
      resultType: 'complete',
      _meta: { ...metaOf({ params: result }), ...serverInfoOf(greeting) },
    },
  };
}

/** The answer to `server/discover`, from the answer to `initialize`. */
export function toDiscovery(greeting: JsonObject): Outcome {
  const { instructions, protocolVersion } = greeting;
  return {
    result: {
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      supportedVersions: [statelessRevision, protocolVersion],
      capabilities: newerCapabilities(greeting),
      ...(typeof instructions === 'string' && { instructions }),
      _meta: serverInfoOf(greeting),
    },
  };
}

/** Without what cannot be translated: a level of logging and tasks belong to a session. */
function newerCapabilities({ capabilities }: JsonObject): JsonObject {
  if (!isObject(capabilities)) return {};
  const { logging, tasks, resources, ...others } = capabilities;
  if (!isObject(resources)) return others;
  const { subscribe, ...rest } = resources;
  return { ...others, resources: rest };
}

export function serverInfoOf({ serverInfo }: JsonObject): JsonObject {
  return isObject(serverInfo) ? { [metaNames.serverInfo]: serverInfo } : {};
}

const filters: Readonly<Record<string, { readonly filter: string; readonly capability: string }>> =
  {
    'notifications/tools/list_changed': { filter: 'toolsListChanged', capability: 'tools' },
    'notifications/prompts/list_changed': { filter: 'promptsListChanged', capability: 'prompts' },
    'notifications/resources/list_changed': {
      filter: 'resourcesListChanged',
      capability: 'resources',
    },
  };

/** What of a `subscriptions/listen` the server can deliver. */
export function honoredFilter(message: JsonObject, greeting: JsonObject): JsonObject {
  const wanted = member(member(message, 'params'), 'notifications');
  const capabilities = newerCapabilities(greeting);
  return Object.fromEntries(
    Object.values(filters)
      .filter(({ filter }) => member(wanted, filter) === true)
      .filter(({ capability }) => member(capabilities[capability], 'listChanged') === true)
      .map(({ filter }) => [filter, true]),
  );
}

/** Whether a subscription with this filter gets the notification. */
export function isWanted(notification: JsonObject, filter: JsonObject): boolean {
  const name = filters[String(notification['method'])]?.filter;
  return name !== undefined && filter[name] === true;
}
