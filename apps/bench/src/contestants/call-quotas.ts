import type { RuleRequest } from '@sallyport/core';
import { createMemoryCallQuota } from '@sallyport/rate-limit';
import type { Lane } from '../rounds/rounds.ts';

/** Callers that take turns. The quota remembers more than these. */
export const callersInTurn = 10_000;

// No caller reaches this number, so every call is accepted.
const limit = { calls: 100_000, windowSeconds: 60 };
const message = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'create_report', arguments: {} },
};

/** What a quota in memory adds to an accepted request. */
export function createQuotaLanes(): readonly Lane[] {
  const requests = Array.from({ length: callersInTurn }, (_, index) => requestOf(`user-${index}`));
  return [
    ['one limit', limit] as const,
    ['a limit of the tool as well', { ...limit, tools: { create_report: limit } }] as const,
  ].map(([name, limits]) => {
    const quota = createMemoryCallQuota(limits);
    return {
      name,
      expects: 'acceptance',
      call: async (index) => {
        const refusal = await quota.check(requests[index % callersInTurn] ?? requestOf(''));
        if (refusal !== undefined) throw refusal;
      },
    };
  });
}

function requestOf(subject: string): RuleRequest {
  return {
    principal: {
      ...{ issuer: 'https://auth.example.com', subject, clientId: 'client-1' },
      ...{ audience: ['https://mcp.example.com/mcp'], scopes: new Set<string>() },
      ...{ expiresAt: 2_000_000_000, claims: {} },
    },
    operation: { name: 'tools/call create_report', scopes: [], message },
    clientKey: '192.0.2.1',
    nowSeconds: 0,
    signal: undefined,
  };
}
