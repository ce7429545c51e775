import type { OpenCandidate } from './open-paths.ts';

/** A request of the Fetch API, as {@link OpenCandidate}. */
export function presentFetchRequest({ method, url, headers }: Request): OpenCandidate {
  return {
    method,
    targets: [targetOf(url)],
    has: (name) => headers.has(name),
    accept: headers.get('Accept') ?? '',
  };
}

/** Cut out of the text: a URL parser would resolve `..`, which some hosts pass on as it came. */
function targetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  return start === -1 ? '/' : url.slice(start);
}
