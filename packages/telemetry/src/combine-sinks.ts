import { type AuditSink, type Checks, check, checkOptions } from '@sallyport/core';
import type { OperationalEvent } from './operational-event.ts';
import type { TelemetrySink } from './telemetry-sink.ts';

/** Which sinks must have each record, and which may miss one. */
export interface CombinedSinks {
  /** Sinks without whose record there is no access: what one throws is thrown, after the others. */
  readonly required: readonly [AuditSink | TelemetrySink, ...(AuditSink | TelemetrySink)[]];
  /** Sinks whose failure refuses no request, such as metrics. */
  readonly optional?: readonly (AuditSink | TelemetrySink)[];
  /** Is told of the failure of an optional one. What it throws is ignored. */
  readonly onFailure?: (error: unknown) => void;
}

const optionChecks: Checks<CombinedSinks> = {
  required: check.listOf(check.audit),
  optional: check.optional(check.listOf(check.audit)),
  onFailure: check.optional(check.callback),
};

/**
 * Makes one sink of several. Every one is given every event, whatever the others throw.
 *
 * @throws What the first required sink that failed threw, from `emit`: the guard then refuses.
 */
export function combineSinks(given: CombinedSinks): TelemetrySink {
  const sinks = checkOptions('combineSinks', given, optionChecks);
  const { required, optional = [], onFailure = () => undefined } = sinks;

  function tellAll(tell: (sink: AuditSink | TelemetrySink) => void): readonly unknown[] {
    for (const error of failuresOf(optional, tell)) failuresOf([error], onFailure);
    return failuresOf(required, tell);
  }

  return {
    emit(event) {
      const [first] = tellAll((sink) => sink.emit(event)).map((error) => ({ error }));
      if (first !== undefined) throw first.error;
    },
    // These events admit no request, so a failed record refuses none.
    log(event: OperationalEvent) {
      const failures = tellAll((sink) => 'log' in sink && sink.log(event));
      for (const error of failures) failuresOf([error], onFailure);
    },
    close() {
      const failures = tellAll((sink) => 'close' in sink && sink.close());
      for (const error of failures) failuresOf([error], onFailure);
    },
  };
}

function failuresOf<T>(items: readonly T[], tell: (item: T) => unknown): readonly unknown[] {
  return items.flatMap((item) => {
    try {
      tell(item);
      return [];
    } catch (error) {
      return [error];
    }
  });
}
