/** An answer of the gate, and whether it says what a client needs to know. */
import type { Answer } from './facts.ts';

export interface Outcome {
  readonly answer: Answer;
  /** In real time: how long the request took. */
  readonly elapsedMs: number;
  /** Whether the gate said that it could not reach Redis, before or after the request. */
  readonly wasLate: boolean;
  /** What the audit log says of the last refusal. */
  readonly detail: string | undefined;
  /** What an answer of this class lacks. */
  readonly fault: string | undefined;
}

export const answerOf: ReadonlyMap<number, Answer> = new Map([
  [200, 'accepted'],
  [401, 'refused'],
  [403, 'denied'],
  [429, 'limited'],
  [503, 'unavailable'],
]);

/** A client needs more than the status to know what to do. */
export function findFault(
  answer: Answer,
  { headers }: Response,
  text: string,
  hasToken: boolean,
): string | undefined {
  const challenge = headers.get('WWW-Authenticate') ?? '';
  if ((answer === 'accepted') !== (text === 'let in')) return 'the status contradicts the handler';
  if (answer === 'refused' && !challenge.includes('resource_metadata=')) return 'no metadata';
  if (answer === 'refused' && hasToken !== challenge.includes('error="invalid_token"')) {
    return 'a wrong error in the challenge';
  }
  const mustWait = answer === 'unavailable' || answer === 'limited';
  if (mustWait && !(Number(headers.get('Retry-After')) > 0)) return 'no Retry-After';
  if (answer === 'denied' && challenge.includes('scope=')) return 'asks for more scopes';
  return undefined;
}
