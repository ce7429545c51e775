import { AuthError } from '@sallyport/core';

/** The refusal of a request that has no usable answer. */
export function unavailable(detail: string, cause?: unknown): AuthError {
  return new AuthError('upstream_unavailable', { detail, cause });
}

/** An error, what caused it, and each attempt when several addresses were tried. */
export function* listCauses(error: unknown): Generator<Error> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    yield cause;
    if (cause instanceof AggregateError) {
      for (const attempt of cause.errors) yield* listCauses(attempt);
    }
  }
}
