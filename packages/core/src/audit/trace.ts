/** The trace of a request, from the header fields of a proxy. */

/** A place in a trace. The identifiers are checked: hexadecimal digits and nothing else. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId?: string;
  /** Whether the trace is recorded. Any client can set it, so decide nothing by it. */
  readonly sampled: boolean;
}

/** The field values that name a trace, as received. */
export interface TraceFields {
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** `X-Cloud-Trace-Context`, which Google's proxies add. Used where `traceparent` is not. */
  readonly cloudTraceContext?: string | undefined;
}

/** Reads the trace of a request. A malformed field counts as absent. */
export function readTraceContext(fields: TraceFields): TraceContext | undefined {
  return readTraceparent(fields.traceparent) ?? readCloudTrace(fields.cloudTraceContext);
}

// Later versions may append fields (Trace Context §4.3). A far longer value is not from a tracer.
const longest = 128;
const w3c = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const google = /^([0-9a-f]{32})(?:\/([0-9]{1,20}))?(?:;o=([0-9]{1,3}))?$/i;
const zeros = /^0+$/;

function readTraceparent(value = ''): TraceContext | undefined {
  if (value.length > longest) return undefined;
  const [prefix = '', version, traceId = '', spanId = '', flags = ''] = w3c.exec(value) ?? [];
  if (version === '00' && prefix.length !== value.length) return undefined;
  if (version === '00' && prefix.endsWith('-')) return undefined;
  if (traceId === '' || zeros.test(traceId) || zeros.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function readCloudTrace(value = ''): TraceContext | undefined {
  if (value.length > longest) return undefined;
  const [, id = '', span = '0', options = '0'] = google.exec(value) ?? [];
  const traceId = id.toLowerCase();
  if (traceId === '' || zeros.test(traceId)) return undefined;
  const sampled = (Number(options) & 1) === 1;
  const spanId = BigInt(span).toString(16).padStart(16, '0');
  if (zeros.test(spanId) || spanId.length > 16) return { traceId, sampled };
  return { traceId, spanId, sampled };
}
