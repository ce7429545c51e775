/** The `message` of each line, so that a list of lines can be read. */
import { type AuditEvent, authErrorAnswers } from '@sallyport/core';
import type { OperationalEvent } from '../operational-event.ts';
import { ownText, safeText } from './safe-text.ts';

// Detail, operation and client are in fields of their own as well.
const longestMessage = 600;

/** Such as `refused token_expired: expired 5 s ago (client 203.0.113.7)`. */
export function messageOfDecision(decision: AuditEvent): string {
  const { event, code, detail, operation, clientKey } = decision;
  if (event !== 'refused' && event !== 'abandoned') return event;
  const isKnown = code !== undefined && Object.hasOwn(authErrorAnswers, code);
  const about = [
    ...(operation === undefined ? [] : [safeText(operation)]),
    ...(clientKey === undefined ? [] : [`client ${safeText(clientKey)}`]),
  ];
  const text =
    (isKnown ? `${event} ${code}` : event) +
    (detail === undefined ? '' : `: ${ownText(detail)}`) +
    (about.length === 0 ? '' : ` (${about.join(', ')})`);
  return text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 3)}...`;
}

/** A sentence for events of the program. For all others the type, and what it is about. */
export function messageOfEvent(type: string, event: OperationalEvent): string {
  const { resource, signal, variable, problem } = event;
  switch (type) {
    case 'listening':
      return typeof resource === 'string' ? `listening for ${safeText(resource)}` : type;
    case 'stopping':
      return typeof signal === 'string' ? `stopping after ${safeText(signal)}` : type;
    case 'start_failed': {
      const name = typeof variable === 'string' ? `${safeText(variable)}: ` : '';
      const reason = typeof problem === 'string' ? ownText(problem) : 'unknown problem';
      return `The server did not start. ${name}${reason}`;
    }
    default:
      return [type, ...describeParts(event)].join(': ');
  }
}

// Names that this server gives, and causes from closed lists, in the order of reading.
const parts = [
  ...['field', 'tool', 'target', 'limits', 'source', 'name', 'reason', 'error', 'code', 'detail'],
];

function describeParts(event: OperationalEvent): readonly string[] {
  const texts = parts.map((part) => event[part]);
  return texts
    .filter((text) => typeof text === 'string')
    .map(ownText)
    .slice(0, 4);
}
