/** Whether a client wants a page for people (RFC 9110 §12.5.1). */

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * Returns true for browsers: `text/html` is named, and no type of an API client is preferred to it. A client that
 * names `text/html` and `application/json` with the same weight is an API client.
 *
 * @param accept The value of the `Accept` field. Empty without one.
 */
export function prefersPage(accept: string): boolean {
  const ranges = accept.split(',').map(readRange);
  const named = (type: string) => ranges.find((range) => range.type === type)?.quality;
  const page = named('text/html') ?? 0;
  if (page === 0) return false;
  return ['application/json', 'text/event-stream'].every((type) => {
    const exact = named(type);
    if (exact !== undefined) return exact < page;
    return (named(`${type.split('/', 1)[0]}/*`) ?? named('*/*') ?? 0) <= page;
  });
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  const quality = weight === undefined ? 1 : Number(weight.slice(weight.indexOf('=') + 1));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
