/** Decides which question is sent next, so that no client costs another its answer (CASE-60). */
import { AuthError } from '@sallyport/core';
import { LRUCache } from 'lru-cache';
import { type ClientAccount, type ClientLimits, createClientAccount } from './client-account.ts';
import type { Clock } from './clock.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';
import {
  type Asker,
  createEntry,
  type Entry,
  type Question,
  type Ticket,
  unavailable,
} from './question.ts';
import { createQuestionBudget } from './question-budget.ts';

/** Options for {@link createQuestionScheduler}. */
export interface SchedulerOptions {
  readonly clock: Clock;
  /** Time limit of a question, from the moment at which it is sent. */
  readonly timeoutMs: number;
  /** Receives for each question that was sent whether it was answered. */
  readonly onEnd: (isAnswered: boolean) => void;
}

/** Sends questions: at most 50 at a time, and in turn for each client. */
export interface QuestionScheduler {
  submit<T>(asker: Asker, question: Question<T>): Ticket<T>;
  /** Ends all questions. */
  close(): void;
}

/** Limits of all clients together, of one client, and of callers without a client key. */
const limits: {
  readonly together: ClientLimits & { readonly overdue: number };
  readonly each: ClientLimits;
} = {
  together: { sent: 50, waiting: 200, overdue: 200 },
  each: { sent: 10, waiting: 100 },
};

const overdueMs = 2_000;
// How long a client over its limit of failures waits for the budget.
const longestWaitMs = 5_000;
const maximumClients = 50_000;

export function createQuestionScheduler(options: SchedulerOptions): QuestionScheduler {
  const { clock, timeoutMs, onEnd } = options;
  const budget = createQuestionBudget(clock.monotonicNow);
  // Created with the first question, because allocating its memory takes milliseconds.
  let accounts: LRUCache<string, ClientAccount> | undefined;
  const unnamed = createClientAccount(limits.together);
  const waiting: FairQueue<ClientAccount, Entry> = createFairQueue(limits.together.waiting);
  const newest = new WeakMap<ClientAccount, Entry>();
  const sent = new Set<Entry>();
  const overdue = new Set<Entry>();
  let isClosed = false;

  function accountOf(client: string | undefined): ClientAccount {
    if (client === undefined) return unnamed;
    accounts ??= new LRUCache({ max: maximumClients });
    const account = accounts.get(client) ?? createClientAccount(limits.each);
    accounts.set(client, account);
    return account;
  }

  /** Decides what happens to a waiting question now. */
  function decide(entry: Entry): 'send' | 'wait' | AuthError {
    const { asker, account, failuresBefore } = entry;
    const now = clock.monotonicNow();
    const awayMs = account.waitMs(now);
    if (awayMs > 0)
      return unavailable('the last introspection requests of this client got no answer', awayMs);
    if (!account.hasPlace(now)) return 'wait';
    if (asker.isProven) return 'send';
    // Every unproven question may fail, so no more are sent than may fail.
    const failuresLeft = asker.failuresLeft - (account.failures - failuresBefore);
    if (failuresLeft > account.unproven) return 'send';
    return failuresLeft > 0 ? 'wait' : decideOverLimit(entry);
  }

  /** Without a budget only the client's newest question waits: the older ones are likely a flood. */
  function decideOverLimit(entry: Entry): 'send' | 'wait' | AuthError {
    const client = entry.asker.client ?? '';
    if (budget.take(client)) return 'send';
    const waitMs = budget.waitMs(client);
    const limited = () => new AuthError('rate_limited', { retryAfterSeconds: waitMs / 1_000 });
    if (waitMs > longestWaitMs) return limited();
    const before = newest.get(entry.account);
    if (before === entry) return 'wait';
    newest.set(entry.account, entry);
    clock.after(waitMs, pump);
    if (before?.state === 'waiting') before.fail(limited());
    return 'wait';
  }

  /** Sends at most one question of a client, and refuses those that would wait for too long. */
  function serve(questions: readonly Entry[]): boolean {
    for (const entry of [...questions]) {
      if (sent.size >= limits.together.sent) return false;
      const decision = decide(entry);
      if (decision === 'wait') continue;
      waiting.remove(entry);
      if (decision === 'send') {
        entry.start();
        return true;
      }
      entry.fail(decision);
    }
    return false;
  }

  let isPumping = false;
  function pump(): void {
    // Refusing a question ends it, and every end calls this again.
    if (isPumping || isClosed) return;
    isPumping = true;
    waiting.serveInTurn(serve);
    isPumping = false;
  }

  function onChange(entry: Entry): void {
    const sets = { sent, overdue } as const;
    for (const [state, set] of Object.entries(sets)) {
      if (entry.state === state) set.add(entry);
      else set.delete(entry);
    }
    if (entry.state === 'over') waiting.remove(entry);
    const [oldest] = overdue;
    if (overdue.size > limits.together.overdue) oldest?.fail(unavailable('no answer so far'));
    if (entry.state !== 'sent') pump();
  }

  return {
    submit(asker, question) {
      const account = accountOf(asker.client);
      const entry = createEntry({ asker, account }, question, {
        ...{ clock, timeoutMs, overdueMs, onChange, onEnd },
      });
      const refused = isClosed ? entry : waiting.add(entry, account.limits.waiting);
      refused?.fail(unavailable('too many introspection requests at once', 1_000));
      pump();
      return entry;
    },

    close() {
      isClosed = true;
      for (const entry of [...waiting.clear(), ...sent, ...overdue]) {
        entry.fail(unavailable('the verifier was closed'));
      }
    },
  };
}
