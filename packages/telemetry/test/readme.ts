import { combineSinks, createCloudLoggingSink } from '@sallyport/telemetry';
import { createOpenTelemetrySink } from '@sallyport/telemetry/opentelemetry';

export const lines: string[] = [];
export const sink = combineSinks({
  // Without `write`, lines go to standard output, where Cloud Run reads them.
  required: [
    createCloudLoggingSink({ projectId: 'my-project', write: (line) => lines.push(line) }),
  ],
  optional: [createOpenTelemetrySink({ verifiers: ['jwt'] })],
});

// As `audit` of createGuard:
sink.emit({
  event: 'refused',
  code: 'token_expired',
  at: 0,
  verifier: 'jwt',
  clientKey: '192.0.2.1',
});
// As `onEvent` of verifiers, secret providers and limiters:
sink.log({ type: 'keys_dropped', reason: 'private', count: 1 });
// At shutdown:
sink.close();
