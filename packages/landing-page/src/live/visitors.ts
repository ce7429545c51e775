/** Admits a browser to the live view with the one-time secret of the terminal, and then by its cookie. */

/** The keys of a browser that brought the secret. */
export interface Visit {
  /** In a cookie: it reloads the page, which has no data in it. */
  readonly cookie: string;
  /** In the memory of the page: it reads the data. Cookies are shared by all ports of a host, and this is not. */
  readonly key: string;
}

/** Secrets and visits. */
export interface Visitors {
  /** The secret that is valid now. */
  secret(): string;
  /** Uses the secret up. `undefined` if it is another one. */
  claim(secret: string): Visit | undefined;
  hasCookie(cookieField: string): boolean;
  hasKey(key: string): boolean;
  /** The name of the cookie. It differs from process to process. */
  readonly cookieName: string;
}

const mostVisits = 16;

export function createVisitors(): Visitors {
  let secret = randomText();
  const visits: Visit[] = [];
  const cookieName = `live-view-${randomText().slice(0, 8)}`;
  return {
    cookieName,
    secret: () => secret,

    claim(given) {
      if (!isSame(given, secret)) return undefined;
      secret = randomText();
      const visit = { cookie: randomText(), key: randomText() };
      visits.unshift(visit);
      visits.splice(mostVisits);
      return visit;
    },

    hasCookie(cookieField) {
      const prefix = `${cookieName}=`;
      const values = cookieField.split(/;\s*/).filter((each) => each.startsWith(prefix));
      return values.some((value) =>
        visits.some(({ cookie }) => isSame(value.slice(prefix.length), cookie)),
      );
    },

    hasKey: (given) => visits.some(({ key }) => isSame(given, key)),
  };
}

function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (character) =>
    character === '+' ? '-' : character === '/' ? '_' : '',
  );
}

/** Compares in a time that does not depend on where the texts differ. */
function isSame(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index);
  }
  return difference === 0;
}
