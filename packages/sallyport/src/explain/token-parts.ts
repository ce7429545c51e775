/** What a token says of itself. Nothing of it is verified, and its signature is not kept. */

/** The readable parts of a JWT. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads header and claims. `undefined` for everything that is not a JWT. */
export function readTokenParts(token: string): TokenParts | undefined {
  const segments = token.split('.');
  if (segments.length !== 3) return undefined;
  const [header, claims] = segments.slice(0, 2).map(readSegment);
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

function readSegment(segment: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
