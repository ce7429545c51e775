import type { AuditEvent, AuditSink } from '@sallyport/core';

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

function severityOf({ event, code }: Pick<AuditEvent, 'event' | 'code'>): string {
  if (code === 'upstream_unavailable') return 'ERROR';
  return event === 'refused' && code !== 'credentials_missing' ? 'WARNING' : 'INFO';
}
