/** The cookies of one browser. */
export interface CookieJar {
  /** The value of the `Cookie` header for a request. */
  headerFor(url: URL): string;
  /** Takes over the `Set-Cookie` headers of an answer. */
  store(url: URL, setCookies: readonly string[]): void;
}

interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Creates an empty jar.
 *
 * It knows hosts, paths and removal, as much as an authorization server on one's own machine needs;
 * lifetimes, domains and `Secure` it ignores. As in browsers, ports make no difference.
 */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();

  return {
    headerFor({ hostname, pathname }) {
      return [...cookies.values()]
        .filter(({ host, path }) => host === hostname && isWithin(pathname, path))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    },

    store({ hostname: host }, setCookies) {
      for (const setCookie of setCookies) {
        const [pair = '', ...attributes] = setCookie.split(';').map((part) => part.trim());
        const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
        const path = findAttribute(attributes, 'path') ?? '/';
        const expires = Date.parse(findAttribute(attributes, 'expires') ?? '');
        const key = JSON.stringify([host, path, name]);
        if (expires <= Date.now()) cookies.delete(key);
        else cookies.set(key, { host, path, name, value });
      }
    },
  };
}

// RFC 6265 §5.1.4.
function isWithin(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

function findAttribute(attributes: readonly string[], name: string): string | undefined {
  const attribute = attributes.find((text) => text.toLowerCase().startsWith(`${name}=`));
  return attribute?.slice(name.length + 1);
}
