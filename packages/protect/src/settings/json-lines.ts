/** The default log: one line of JSON on standard output for each decision and each event. */
import type { AuditEvent, AuditSink, EventListener, OperationalEvent } from '@sallyport/core';

/** Where records go when the settings name no other place. */
export interface JsonLines {
  readonly audit: AuditSink;
  readonly onEvent: EventListener;
}

type Line = Record<string, unknown>;

// Strangers can cause refusals without limit.
const linesPerSecond = 100;
const longestText = 256;
// Sentences of this project: what to do must be whole.
const ownTexts: ReadonlySet<string> = new Set(['advice', 'detail', 'problem', 'remedy']);
const longestOwnText = 1_024;
// A compact JWT starts like this, since it is base64url of `{"`. API keys have a prefix.
const tokens = /eyJ[\w-]{5,}(?:\.[\w-]*)*|sallyport_[0-9A-Za-z]{20,}/g;

/**
 * Creates the default log. Of each reason it writes at most 100 lines in a second, and a count of the others.
 *
 * @param write Takes one line without its line feed. Default: `console.log`, which every runtime has.
 */
export function createJsonLines(
  write: (line: string) => void = writeToConsole,
  now: () => number = Date.now,
): JsonLines {
  const admit = createLimit((reason, suppressed) => {
    const fields = { severity: 'WARNING', time: timeOf(now()), event: 'suppressed' };
    write(JSON.stringify({ ...fields, reason, suppressed }));
  }, now);
  const put = (line: Line) => write(JSON.stringify(line, toSafe));
  return {
    audit: {
      emit({ at, ...event }) {
        if (isAccepted(event) || admit(event.code ?? event.event)) {
          put({ severity: severityOf(event), time: timeOf(at), ...event });
        }
      },
    },

    onEvent({ type, ...details }: OperationalEvent) {
      if (admit(type)) put({ severity: 'NOTICE', time: timeOf(now()), event: type, ...details });
    },
  };
}

function writeToConsole(line: string): void {
  // biome-ignore lint/suspicious/noConsole: the default log is standard output, on every runtime.
  console.log(line);
}

type Decision = Pick<AuditEvent, 'event' | 'code'>;

function isAccepted({ event }: Decision): boolean {
  return event === 'authenticated' || event === 'authorized';
}

function severityOf({ event, code }: Decision): string {
  if (event !== 'refused' || code === 'credentials_missing') return 'INFO';
  return code === 'upstream_unavailable' ? 'ERROR' : 'WARNING';
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Text that means nothing to a terminal or a line-based log, and is bounded. */
function toSafe(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const longest = ownTexts.has(name) ? longestOwnText : longestText;
  const plain = value
    .slice(0, longest)
    .replace(tokens, '[token]')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const isWhole = value.length <= longest && plain.length <= longest;
  return isWhole ? plain : `${plain.slice(0, longest)}... (${value.length} characters)`;
}

/** Counts lines by reason, in the second that runs. */
function createLimit(
  tell: (reason: string, suppressed: number) => void,
  now: () => number,
): (reason: string) => boolean {
  let second = Number.NaN;
  const counts = new Map<string, number>();
  return (reason) => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) {
      for (const [name, count] of counts) {
        if (count > linesPerSecond) tell(name, count - linesPerSecond);
      }
      counts.clear();
      second = current;
    }
    const count = (counts.get(reason) ?? 0) + 1;
    counts.set(reason, count);
    return count <= linesPerSecond;
  };
}
