/** Removes what may be a secret from a line that a child process wrote to standard error. */

const longestLine = 1_000;

// Whatever looks like a JWT, a credential in a header or URL, or a value that is named as secret.
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[redacted]'],
  [/\b(bearer|basic|dpop|token)\s+[^\s"',;]{8,}/gi, '$1 [redacted]'],
  [/\/\/[^\s/@]+@/g, '//[redacted]@'],
  [
    /((?:password|passwd|secret|token|api[_-]?key|credential|authorization|cookie)[A-Za-z0-9_-]*["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    '$1[redacted]',
  ],
  // Random text of 32 characters and more is more often a key than anything that helps.
  [/(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Za-z])[A-Za-z0-9+/_-]{32,}={0,2}/g, '[redacted]'],
];

const shortestSecret = 6;

/**
 * Makes the function that cleans a line and cuts it to 1,000 characters.
 *
 * @param secrets Values that must never be logged, such as those of the variables that the child got by name.
 */
export function createRedaction(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter((secret) => secret.length >= shortestSecret);
  return (line) => {
    let text = line;
    for (const secret of known) text = text.replaceAll(secret, '[redacted]');
    for (const [pattern, replacement] of patterns) text = text.replace(pattern, replacement);
    // Control characters could forge lines of a log or move the cursor of a terminal.
    text = text.replace(/\p{Cc}/gu, ' ');
    return text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
  };
}
