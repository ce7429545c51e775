import { unescapeHtml } from '../authorization-server/sign-in/html.ts';
import { type CookieJar, createCookieJar } from './cookie-jar.ts';

/** Options for {@link authorizeHeadlessly}. */
export interface AuthorizeHeadlesslyOptions {
  /** The subject that signs in. Default: the subject that the page proposes. */
  readonly subject?: string;
  /** Presses Deny. Default false: Allow. */
  readonly deny?: boolean;
  /** Keeps the session from one call to the next, as a browser would. Default one per call. */
  readonly cookies?: CookieJar;
}

const maxSteps = 10;

/**
 * Acts as a person with a browser: follows an authorization request, answers the consent page, and
 * returns where the browser would be sent in the end, with `code` and `state`, or with `error`.
 *
 * That last address is not fetched: it belongs to the client.
 *
 * @example
 * ```ts
 * const answer = await authorizeHeadlessly(authorizationUrl);
 * const code = answer.searchParams.get('code');
 * ```
 * @throws {Error} when the server shows an error page in place of an answer to the client.
 */
export async function authorizeHeadlessly(
  authorizationUrl: URL,
  { subject, deny = false, cookies = createCookieJar() }: AuthorizeHeadlesslyOptions = {},
): Promise<URL> {
  const redirectUri = URL.parse(authorizationUrl.searchParams.get('redirect_uri') ?? '');
  const isAnswer = (url: URL) =>
    redirectUri === null
      ? url.origin !== authorizationUrl.origin
      : withoutQuery(url) === withoutQuery(redirectUri);
  let url = authorizationUrl;
  let form: URLSearchParams | undefined;

  for (let step = 0; step < maxSteps; step += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        Accept: 'text/html',
        Cookie: cookies.headerFor(url),
        // Browsers send it with each form.
        ...(form !== undefined && { Origin: url.origin }),
      },
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    cookies.store(url, response.headers.getSetCookie());
    const html = await response.text();
    const location = response.headers.get('Location');
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
      if (isAnswer(url)) return url;
      continue;
    }
    const page = parseForm(html);
    if (!response.ok || page === undefined) {
      throw new Error(`${response.status} at ${url.pathname}: ${toText(html)}`);
    }
    url = new URL(page.action, url);
    form = new URLSearchParams({ ...page.fields, decision: deny ? 'deny' : 'allow' });
    if (subject !== undefined) form.set('subject', subject);
  }
  throw new Error(`no answer after ${maxSteps} steps, at ${url.pathname}`);
}

function withoutQuery({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

function parseForm(html: string): { action: string; fields: Record<string, string> } | undefined {
  const action = /<form[^>]* action="([^"]*)"/.exec(html)?.[1];
  if (action === undefined) return undefined;
  const inputs = html.match(/<input[^>]*>/g) ?? [];
  const fields = inputs.map((input) => [
    readAttribute(input, 'name'),
    readAttribute(input, 'value'),
  ]);
  return { action: unescapeHtml(action), fields: Object.fromEntries(fields) };
}

function readAttribute(tag: string, name: string): string {
  return unescapeHtml(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

function toText(html: string): string {
  const [, body = html] = /<main>(.*)<\/main>/s.exec(html) ?? [];
  return unescapeHtml(body.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
