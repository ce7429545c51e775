/** How a refusal of the guard is written: as the guard says, or as an error that clients show to the model. */
import type { Refusal } from '@sallyport/core';
import { type GateAnswer, rpcError } from './transport-answers.ts';

/** @param message The body of the request. A used-up quota is then answered with the `id` of the request. */
export function writeRefusal(
  { status, headers, body }: Refusal,
  extra: Record<string, string>,
  message?: unknown,
): GateAnswer {
  const text = `${body.error_description}. Retry after ${headers['Retry-After']} s`;
  const isForModel = status === 429 && message !== undefined;
  const written = isForModel ? rpcError(-32_000, text, message) : body;
  return { status, headers: { ...headers, ...extra }, body: JSON.stringify(written) };
}
