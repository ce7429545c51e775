/** A bounded queue that serves its clients in turn. */

/** The queue of waiting questions. */
export interface FairQueue<Client, Item extends { readonly account: Client }> {
  /**
   * Adds an item at the end of its client's own queue.
   *
   * @returns The item for which there was no room, if any. In a full queue that is the last item of the client
   *   that has the most; otherwise it is the new item.
   */
  add(item: Item, maximumOfClient: number): Item | undefined;
  /** Removes an item. An item that is not in the queue is ignored. */
  remove(item: Item): void;
  /**
   * Offers each client's items, round after round, until no client is served any more.
   *
   * @param serve Says whether it served one of the items. It removes those that it took.
   */
  serveInTurn(serve: (items: readonly Item[]) => boolean): void;
  /** Empties the queue. */
  clear(): readonly Item[];
}

export function createFairQueue<Client, Item extends { readonly account: Client }>(
  maximumItems: number,
): FairQueue<Client, Item> {
  // A client that was served goes to the end. Clients without items are not in it.
  const queues = new Map<Client, Item[]>();
  let size = 0;

  function longestQueue(): readonly Item[] {
    return [...queues.values()].reduce((one, other) => (other.length > one.length ? other : one));
  }

  function remove(item: Item): void {
    const queue = queues.get(item.account) ?? [];
    const index = queue.indexOf(item);
    if (index === -1) return;
    queue.splice(index, 1);
    size -= 1;
    if (queue.length === 0) queues.delete(item.account);
  }

  return {
    remove,

    add(item, maximumOfClient) {
      const own = queues.get(item.account) ?? [];
      if (own.length >= maximumOfClient) return item;
      let without: Item | undefined;
      if (size >= maximumItems) {
        const longest = longestQueue();
        without = longest.at(-1);
        if (without === undefined || longest.length <= own.length + 1) return item;
        remove(without);
      }
      own.push(item);
      queues.set(item.account, own);
      size += 1;
      return without;
    },

    serveInTurn(serve) {
      for (let isServing = true; isServing; ) {
        isServing = false;
        for (const [client, items] of [...queues]) {
          if (!serve(items)) continue;
          isServing = true;
          if (queues.delete(client) && items.length > 0) queues.set(client, items);
        }
      }
    },

    clear() {
      const all = [...queues.values()].flat();
      queues.clear();
      size = 0;
      return all;
    },
  };
}
