import type { AuditEvent, AuditSink } from '@sallyport/core';
import { isLeak, type KeyEvent } from '@sallyport/verifier-jwt';

const longest = 256;

/** Writes one line of JSON per decision. What comes from outside is bounded and plain ASCII. */
export function createAuditLog(write: (line: string) => void): AuditSink {
  return {
    emit({ at, ...event }: AuditEvent) {
      write(
        formatLine({ time: new Date(at).toISOString(), severity: severityOf(event), ...event }),
      );
    },
  };
}

/** One line of JSON: no line break, escape sequence or right-to-left mark can get into a log. */
export function formatLine(fields: Readonly<Record<string, unknown>>): string {
  const bounded = JSON.stringify(fields, (_key, value) =>
    typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}…` : value,
  );
  return `${bounded.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** What happened to keys, secrets or authorization servers, as one line of JSON. */
export function formatEvent({ type, ...fields }: { readonly type: string }): string {
  return formatLine({ severity: severityOfEvent({ type, ...fields }), event: type, ...fields });
}

const expected: ReadonlySet<string> = new Set([
  'breaker_closed',
  'keys_loaded',
  'secret_changed',
  'secret_loaded',
]);

function severityOfEvent(event: { readonly type: string }): string {
  if (expected.has(event.type)) return 'INFO';
  // Whoever reads the key set can then sign tokens.
  return isLeak(event as KeyEvent) ? 'CRITICAL' : 'WARNING';
}

function severityOf({ event, code }: Pick<AuditEvent, 'event' | 'code'>): string {
  if (code === 'upstream_unavailable') return 'ERROR';
  return event === 'refused' && code !== 'credentials_missing' ? 'WARNING' : 'INFO';
}
