/** What an HTTP upstream reports to operators. No event holds a byte of a request, an answer or an address. */
import { createReporter, type EventListener } from '@sallyport/core';
import type { Fault, FaultReason } from './fault.ts';

/** An event of an HTTP upstream. */
export type UpstreamEvent =
  /**
   * The upstream had no answer, so clients got 503. Reported at once, and then every 10 seconds while it
   * lasts: `count` says how many requests failed since the last event.
   */
  | {
      readonly type: 'upstream_unavailable';
      readonly reason: FaultReason;
      readonly status?: number;
      readonly count: number;
      readonly advice?: string;
    }
  /** The upstream answers again, 10 seconds after the last report at the earliest. */
  | { readonly type: 'upstream_available' }
  /** No key was given, so a random one signs. It is known to this process alone. */
  | { readonly type: 'assertion_key_random'; readonly advice: string }
  /** Assertions go over the network without TLS. */
  | { readonly type: 'upstream_unencrypted'; readonly advice: string }
  /** A request came to the upstream without a gate. It was answered with 503. */
  | { readonly type: 'upstream_ungated'; readonly advice: string };

const faultAdvice: Readonly<Partial<Record<FaultReason, string>>> = {
  credentials_refused:
    'The upstream refuses the assertion of the proxy. It must verify it with the key set of this proxy, and expect the audience that the proxy was given. If it has authentication of its own, switch that off.',
  anonymous_refused:
    'The upstream answers an anonymous caller with 401 or 403. The proxy sends no assertion for such a caller. Let the upstream answer the listed tools without one, or take them off the list.',
  redirect:
    'The upstream answers with a redirect, which the proxy never follows. Configure the address that it leads to. Many servers redirect /mcp to /mcp/.',
  content_type:
    'The upstream answers with something other than JSON or an event stream, such as a page for signing in. The URL must be that of the MCP endpoint.',
};

const setUpAdvice = {
  assertion_key_random:
    'Without upstream.assertionKey each process signs with a random key. Set the key if there are several instances, or if the upstream is given a public key.',
  upstream_unencrypted:
    'The URL of the upstream is http and leads to another host. Whoever can read that network sees the requests and the assertions. Use https.',
  upstream_ungated: 'upstream.handle must stand behind a gate: nodeGate(gate, upstream.handle).',
} as const;

const pauseMs = 10_000;

/** Reports events. Those about the set-up come once, those about faults at most every 10 seconds. */
export interface UpstreamReporter {
  failed(fault: Fault): void;
  answered(): void;
  once(type: keyof typeof setUpAdvice): void;
}

interface Outage {
  lastReported: number;
  count: number;
}

/** @param now Clock, in milliseconds. */
export function createUpstreamReporter(
  listener: EventListener | undefined,
  now: () => number,
): UpstreamReporter {
  const report = createReporter<UpstreamEvent>(listener);
  const told = new Set<string>();
  // At most one for each reason: the list of reasons is closed.
  const outages = new Map<FaultReason, Outage>();

  return {
    failed({ reason, status }) {
      const outage = outages.get(reason) ?? { lastReported: Number.NEGATIVE_INFINITY, count: 0 };
      outages.set(reason, outage);
      outage.count += 1;
      if (now() - outage.lastReported < pauseMs) return;
      const advice = faultAdvice[reason];
      report({
        type: 'upstream_unavailable',
        reason,
        ...(status !== undefined && { status }),
        count: outage.count,
        ...(advice !== undefined && { advice }),
      });
      outage.lastReported = now();
      outage.count = 0;
    },

    answered() {
      if (outages.size === 0) return;
      const last = Math.max(...[...outages.values()].map(({ lastReported }) => lastReported));
      // An upstream that fails now and then would fill the log.
      if (now() - last < pauseMs) return;
      outages.clear();
      report({ type: 'upstream_available' });
    },

    once(type) {
      if (told.has(type)) return;
      told.add(type);
      report({ type, advice: setUpAdvice[type] });
    },
  };
}
