/** What an audit is given. */
import { assertKnownOptions } from '../known-options.ts';
import { type Theme, themes } from './row.ts';

/** Signs tokens that the server trusts. `startAuthorizationServer` returns one. */
export interface TokenIssuer {
  /**
   * @param claims Added to the claims of a good token or put in their place. `undefined` leaves one out.
   * @param header The same for the header.
   */
  mintToken(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/** A private key of a test issuer that the server trusts. */
export interface AuditKey {
  /** The private key, or a shared secret (`kty` is `oct`). `alg` and `kid` become the header of its tokens. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** `iss` of good tokens. */
  readonly issuer: string;
  /** `aud` of good tokens. Default: the resource. */
  readonly audience?: string;
  /** Other claims of good tokens, such as a provider's own. Default none. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A tool that changes something. The audit calls it only with tokens that must not be allowed to. */
export interface WriteTool {
  readonly name: string;
  /** Default `{}`. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Options for `audit` and `assertHardened`. */
export interface AuditOptions {
  /** A valid access token for the server. */
  readonly token?: string;
  /** Issues tokens that the server trusts. */
  readonly issuer?: TokenIssuer;
  /** Signs tokens that the server trusts, malformed ones included. It takes the place of `issuer`. */
  readonly key?: AuditKey;
  /** Scopes of good tokens. Default: `scopes_supported` of the metadata. */
  readonly scopes?: readonly string[];
  /** The tool whose call a read token must not be allowed. Default none: rows about scopes are left out. */
  readonly writeTool?: WriteTool;
  /** Scopes of the read token. Default: those of the server's challenge without `writeTool`'s. */
  readonly readScopes?: readonly string[];
  /** The public URL of the server, if the audit reaches it at another one. Default: the URL. */
  readonly resource?: string;
  /** The server has no access control on purpose. Rows about tokens are then not offered. Default false. */
  readonly isPublic?: boolean;
  /** Which themes to try. Default all. */
  readonly themes?: readonly Theme[];
  /** Which rows to try, by id, such as `audience-04`. Default all. */
  readonly rows?: readonly string[];
  /** Requests per second at most: 1 to 10,000. Default 20. */
  readonly requestsPerSecond?: number;
  /** How long to wait for each answer, in milliseconds: 100 to 60,000. Default 5,000. */
  readonly timeoutMs?: number;
  /** How long to hold slow connections open, in seconds: 0 to 600. 0 leaves those rows out. Default 0. */
  readonly slowSeconds?: number;
  /** Is told after each row. Default nobody. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Options with their defaults. */
export interface AuditSettings extends AuditOptions {
  readonly url: URL;
  readonly resource: string;
  readonly themes: readonly Theme[];
  readonly requestsPerSecond: number;
  readonly timeoutMs: number;
  readonly slowSeconds: number;
}

const names: readonly string[] = [
  ...['token', 'issuer', 'key', 'scopes', 'writeTool', 'readScopes', 'resource', 'isPublic'],
  ...['themes', 'rows', 'requestsPerSecond', 'timeoutMs', 'slowSeconds', 'onProgress'],
];

/** @throws {TypeError} for an address or an option that cannot be used. */
export function toSettings(address: string | URL, options: AuditOptions): AuditSettings {
  assertKnownOptions(options, names);
  const url = URL.parse(`${address}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new TypeError('url: must be the MCP endpoint, such as https://notes.example.com/mcp');
  }
  const unknown = options.themes?.find((theme) => !themes.includes(theme));
  if (unknown !== undefined) {
    throw new TypeError(`themes: ${unknown} is unknown. Known themes: ${themes.join(', ')}`);
  }
  if (options.token !== undefined && !/^[\x21-\x7e]+$/.test(options.token)) {
    throw new TypeError('token: must be visible ASCII without spaces');
  }
  return {
    ...options,
    url,
    resource: options.resource ?? `${address}`,
    themes: options.themes ?? themes,
    requestsPerSecond: within('requestsPerSecond', options.requestsPerSecond, [20, 1, 10_000]),
    timeoutMs: within('timeoutMs', options.timeoutMs, [5_000, 100, 60_000]),
    slowSeconds: within('slowSeconds', options.slowSeconds, [0, 0, 600]),
  };
}

function within(
  name: string,
  value: number | undefined,
  [usual, least, most]: readonly [number, number, number],
): number {
  if (value === undefined) return usual;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new TypeError(`${name}: must be a number from ${least} to ${most}`);
}
