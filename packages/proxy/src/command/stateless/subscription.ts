/** Serves `subscriptions/listen` of MCP 2026-07-28 for a server that does not know it. */
import type { Exchange } from '../messages/exchange.ts';
import { isObject, type JsonObject, member, withMeta } from '../messages/messages.ts';
import { metaNames } from '../messages/revision.ts';
import type { InitializedServer } from './initialized-server.ts';
import { honoredFilter, isWanted, serverInfoOf } from './translation.ts';

/** @returns The function that ends the subscription. */
export function serveSubscription(
  message: JsonObject,
  server: InitializedServer,
  exchange: Exchange,
): () => void {
  const { id } = message;
  const named = { [metaNames.subscriptionId]: id };
  if (!isObject(member(member(message, 'params'), 'notifications'))) {
    exchange.fail(id, 'filter_missing');
    return () => {};
  }
  const filter = honoredFilter(message, server.greeting);
  exchange.send(
    withMeta(
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: filter },
      },
      named,
    ),
  );
  if (Object.keys(filter).length === 0) {
    const _meta = { ...serverInfoOf(server.greeting), ...named };
    exchange.answer({ jsonrpc: '2.0', id, result: { resultType: 'complete', _meta } });
    return () => {};
  }
  return server.listen(
    (notification) => {
      if (isWanted(notification, filter)) exchange.send(withMeta(notification, named));
    },
    () => exchange.fail(id, 'ended'),
  );
}
