import {
  type AuditEvent,
  type AuthErrorCode,
  authErrorAnswers,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type TraceContext,
} from '@sallyport/core';
import { eventTypeOf, type Severity, severityOfEvent } from '../operational-event.ts';
import type { TelemetrySink } from '../telemetry-sink.ts';
import { createFloodGate, type Suppression } from './flood-gate.ts';
import { createJsonLines } from './json-lines.ts';
import { boundFields, type NamesApart, type Scalar } from './log-fields.ts';
import { messageOfDecision, messageOfEvent } from './messages.ts';
import { createTimestamps } from './timestamps.ts';

/** Options for {@link createCloudLoggingSink}. */
export interface CloudLoggingOptions {
  /** Project that traces belong to: with it, Cloud Logging links each line to its trace. */
  readonly projectId?: string | undefined;
  /**
   * Address of a documentation site, such as `https://docs.example.com`. The line of each refusal then has
   * `documentation`, the address of the page of its code. Default: the field is left out.
   */
  readonly documentation?: string | undefined;
  /** Takes one line with its line feed. What it throws, `emit` throws. Default: standard output. */
  readonly write?: (line: string) => void;
  /** Lines of one reason that are written in one second; 1 to 10,000. Default 100. */
  readonly linesPerSecond?: number;
  /** Clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

const logging = 'logging.googleapis.com';
const reserved = new Set([
  'time',
  'severity',
  'message',
  'omitted',
  'httpRequest',
  'type',
  'event',
  'documentation',
  '__proto__',
]);
const namesApart: NamesApart = {
  reserved,
  taken: new Set(['event', 'at', 'trace']),
  own: new Set(['detail']),
};
const namesApartInLog: NamesApart = {
  reserved,
  taken: new Set(['type']),
  own: new Set(['problem', 'remedy']),
};
const project = /^[a-z0-9][a-z0-9.:-]{0,99}$/;
const hex = /^[0-9a-f]{16,32}$/;

const optionChecks: Checks<CloudLoggingOptions> = {
  projectId: check.optional(check.text),
  documentation: check.optional(check.text),
  write: check.optional(check.callback),
  linesPerSecond: check.optional(check.number),
  now: check.optional(check.callback),
};

/**
 * Writes one line of JSON per decision, as Cloud Logging reads them from standard output.
 *
 * Of refusals, abandoned requests and operational events, a hundred lines per second and reason are
 * written, and a count of the others. Every accepted request is written.
 *
 * @throws {ConfigError} When `projectId` or `documentation` cannot be one, or `linesPerSecond` is out of range.
 */
export function createCloudLoggingSink(given: CloudLoggingOptions = {}): TelemetrySink {
  const options = checkOptions('cloudLogging', given, optionChecks);
  const { projectId, linesPerSecond = 100, now = Date.now } = options;
  if (projectId !== undefined && !project.test(projectId)) {
    throw new ConfigError('cloudLogging.projectId', 'must be the id of a Google Cloud project');
  }
  if (!(Number.isInteger(linesPerSecond) && linesPerSecond >= 1 && linesPerSecond <= 10_000)) {
    throw new ConfigError('cloudLogging.linesPerSecond', 'must be a whole number, 1 to 10,000');
  }
  const pageOf = createPageOf(options.documentation);
  const write = createJsonLines(options.write);
  const gate = createFloodGate(linesPerSecond, now);
  const timeOf = createTimestamps();

  function writeSuppressed(suppressions: readonly Suppression[]): void {
    for (const { reason, suppressed } of suppressions) {
      write({
        severity: 'WARNING',
        time: timeOf(now()),
        event: 'suppressed',
        reason,
        suppressed,
        message: `${suppressed} more lines: ${reason}`,
      });
    }
  }

  return {
    emit(event) {
      writeSuppressed(gate.settle());
      const { event: decision, at, trace, code } = event;
      if (isFlooding(decision) && !gate.admit(isKnown(code) ? code : decision)) return;
      const line: Record<string, Scalar> = {
        severity: severityOf(event),
        time: timeOf(at),
        event: decision,
      };
      if (isKnown(code))
        Object.assign(line, { status: authErrorAnswers[code].status }, pageOf(code));
      const message = messageOfDecision(event);
      boundFields(line, event, namesApart, message);
      if (trace !== undefined) Object.assign(line, traceFields(trace, projectId));
      line['message'] = message;
      write(line);
    },

    log(event) {
      writeSuppressed(gate.settle());
      const type = eventTypeOf(event);
      if (!gate.admit(type)) return;
      const message = messageOfEvent(type, event);
      const line = boundFields(
        { severity: severityOfEvent(event), time: timeOf(now()), event: type },
        event,
        namesApartInLog,
        message,
      );
      if (type === 'other') boundFields(line, { name: event.type }, namesApart);
      line['message'] = message;
      write(line);
    },

    close: () => writeSuppressed(gate.settleAll()),
  };
}

/** The field with the page of a code. No field where there is no documentation. */
function createPageOf(documentation: string | undefined): (code: AuthErrorCode) => object {
  if (documentation === undefined) return () => ({});
  if (!/^https?:\/\/[^\s?#]{1,512}$/.test(documentation) || !URL.canParse(documentation)) {
    const problem = 'must be an absolute URL without query and fragment';
    throw new ConfigError('cloudLogging.documentation', problem);
  }
  const base = documentation.replace(/\/+$/, '');
  return (code) => ({ documentation: `${base}/errors/${code}` });
}

function isKnown(code: AuthErrorCode | undefined): code is AuthErrorCode {
  return code !== undefined && Object.hasOwn(authErrorAnswers, code);
}

/** Lines that a stranger can cause without limit. */
function isFlooding(event: AuditEvent['event']): boolean {
  return event === 'refused' || event === 'abandoned';
}

function severityOf({ event, code }: AuditEvent): Severity {
  if (event !== 'refused') return 'INFO';
  if (code === 'upstream_unavailable') return 'ERROR';
  return code === 'credentials_missing' ? 'INFO' : 'WARNING';
}

/** The fields by which Cloud Logging finds the other lines of a request. */
function traceFields(trace: TraceContext, projectId?: string): Record<string, Scalar> {
  if (!hex.test(trace.traceId)) return {};
  const { traceId, spanId, sampled } = trace;
  const name = projectId === undefined ? traceId : `projects/${projectId}/traces/${traceId}`;
  return {
    [`${logging}/trace`]: name,
    ...(spanId !== undefined && hex.test(spanId) && { [`${logging}/spanId`]: spanId }),
    [`${logging}/trace_sampled`]: sampled,
  };
}
