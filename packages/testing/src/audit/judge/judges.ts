/** What answers are right. Every table of rows uses these. */
import type { Judge, Severity, Verdict } from '../row.ts';
import { isRpcError, isServed } from '../target/served.ts';
import type { Answer } from '../wire/answer.ts';

/** A pass, with what was found. */
export function pass(found: string): Verdict {
  return { outcome: 'pass', found };
}

/** A failure. Its severity is that of the row, unless it is given. */
export function fail(found: string, severity?: Severity): Verdict {
  return { outcome: 'fail', found, ...(severity !== undefined && { severity }) };
}

/** This server has nothing that the row is about. */
export function notOffered(found: string): Verdict {
  return { outcome: 'not-offered', found };
}

/** The row could not be tried. */
export function leftOut(found: string): Verdict {
  return { outcome: 'left-out', found };
}

/** Says what came back in a few words. */
export function describe({ status, end, milliseconds }: Answer): string {
  if (status !== 0) return `${status}`;
  switch (end) {
    case 'timeout':
      return `no answer in ${milliseconds} ms`;
    case 'reset':
      return 'a connection reset without an answer';
    case 'unreachable':
      return 'no connection';
    default:
      return 'a closed connection without an answer';
  }
}

/** The failures of any answer to hostile input: none at all, or a fault of the server. */
function faultOf(answer: Answer): Verdict | undefined {
  const { status, end } = answer;
  if (status === 429) return { outcome: 'limited', found: '429' };
  if (end === 'unreachable') return fail('the server no longer accepts connections', 'high');
  if (status === 0 && end === 'timeout') return fail(describe(answer), 'medium');
  if (status === 500 || status === 502) {
    return fail(`${status}: input from outside is not a fault of the server`, 'medium');
  }
  return undefined;
}

/** The input must not reach the server behind. Any refusal is right, also a closed connection. */
export const isRefused: Judge = (answer) => {
  const fault = faultOf(answer);
  if (fault !== undefined) return fault;
  if (isServed(answer)) return fail(`${describe(answer)}: the server did what was asked`);
  if (answer.status >= 200 && answer.status < 300) {
    return fail(`${answer.status} with an error in the body: clients see success`, 'medium');
  }
  return pass(describe(answer));
};

/** The refusal must have one of these statuses. Another refusal is a failure of low severity. */
export function refusedWith(...statuses: readonly number[]): Judge {
  return (answer, kit) => {
    const verdict = isRefused(answer, kit);
    if (verdict.outcome !== 'pass' || statuses.includes(answer.status)) return verdict;
    // Who refuses to read a request at all has refused it.
    if (answer.status === 0 && statuses.includes(0)) return verdict;
    return fail(`${describe(answer)} in place of ${statuses.filter(Boolean).join(' or ')}`, 'low');
  };
}

/** A bad token gets 401. A server that cannot tell yet answers 503. */
export const isBadToken: Judge = refusedWith(401, 503);

/** A bad token in a form that the parser of HTTP may refuse before. */
export const isBadCredential: Judge = refusedWith(400, 401, 413, 431, 0);

/** A malformed message gets an answer of the 400s. */
export const isBadMessage: Judge = (answer, kit) => {
  const verdict = isRefused(answer, kit);
  if (verdict.outcome !== 'fail' || !isRpcError(answer)) return verdict;
  // The transport of older revisions leaves the status open for errors of JSON-RPC.
  return answer.status === 200 ? pass('200 with an error of JSON-RPC') : verdict;
};

/** The server may serve it or refuse it. It must not fail. */
export const isHandled: Judge = (answer) => faultOf(answer) ?? pass(describe(answer));

/** The server must serve it. */
export const isAccepted: Judge = (answer) => {
  const fault = faultOf(answer);
  if (fault !== undefined) return fault;
  return isServed(answer) ? pass(describe(answer)) : fail(`${describe(answer)}: refused`);
};
