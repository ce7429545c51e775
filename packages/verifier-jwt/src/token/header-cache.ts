import type { KeyQuery } from '../keys/key-source.ts';
import { parseSegment } from './compact-jws.ts';
import { type HeaderRules, validateHeader } from './validate-header.ts';

/** Reads headers and caches them: the tokens of one issuer have few different headers. */
export interface TokenHeaders {
  /** @throws {AuthError} When the header is malformed or breaks these rules. */
  read(segment: string): KeyQuery;
  /** Caches a header. Call it after the signature was verified, so attackers cannot fill the cache. */
  remember(segment: string, query: KeyQuery): void;
}

const maximumHeaders = 100;

export function createTokenHeaders(rules: HeaderRules): TokenHeaders {
  const known = new Map<string, KeyQuery>();
  return {
    read: (segment) => known.get(segment) ?? validateHeader(parseSegment(segment, 'header'), rules),

    remember(segment, query) {
      if (known.has(segment)) return;
      // If all headers of an issuer differ, the cache has no use, and stays small.
      if (known.size === maximumHeaders) known.clear();
      known.set(segment, query);
    },
  };
}
