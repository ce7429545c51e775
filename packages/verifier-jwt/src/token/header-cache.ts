import type { KeyQuery } from '../keys/key-source.ts';
import { parseSegment } from './compact-jws.ts';
import { type HeaderRules, judgeHeader } from './validate-header.ts';

/** Reads headers. Those of one issuer's tokens are few: what one says is worked out once. */
export interface TokenHeaders {
  /** @throws {AuthError} When the header is malformed, or not one for these rules. */
  read(segment: string): KeyQuery;
  /** Called when the signature over the header held, so that strangers' headers take no room. */
  remember(segment: string, query: KeyQuery): void;
}

const maximumHeaders = 100;

export function createTokenHeaders(rules: HeaderRules): TokenHeaders {
  const known = new Map<string, KeyQuery>();
  return {
    read: (segment) => known.get(segment) ?? judgeHeader(parseSegment(segment, 'header'), rules),

    remember(segment, query) {
      if (known.has(segment)) return;
      // An issuer whose headers all differ gains nothing from being remembered, and costs nothing.
      if (known.size === maximumHeaders) known.clear();
      known.set(segment, query);
    },
  };
}
