import type { webcrypto } from 'node:crypto';
import {
  type Checks,
  ConfigError,
  check,
  checkArgument,
  checkOptions,
  type Secret,
} from '@sallyport/core';
import {
  type AuthorizationServer,
  type ClientAuth,
  ClientSecretPost,
  None,
  PrivateKeyJwt,
} from 'oauth4webapi';

type AskForSecret = (question: { isRefused: boolean }) => Secret | Promise<Secret>;

/**
 * A secret, or where to get the one that is in force. A function is asked anew, with `isRefused`,
 * when the server did not take the secret that it gave before.
 */
export type SecretSource = Secret | AskForSecret;

const longestWaitMs = 10_000;

/** What a request is sent with so that the server knows who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** How this server says who it is to an authorization server. */
export interface ClientAuthentication {
  /** Whether asking once more can help when the server did not take the credentials. */
  readonly canChange: boolean;
  /** @param isRefused The server has just refused what this gave before. */
  present(isRefused: boolean): Promise<Credentials>;
}

/**
 * Whether an answer refuses the credentials of this server, and not the token that it asks about. That
 * is a 401, and the error `invalid_client` with 400 or 403 (RFC 6749 §5.2, RFC 7662 §2.3).
 */
export function isClientRefused({
  status,
  json,
}: {
  readonly status: number;
  /** The parsed body, if there is one. */
  readonly json?: unknown;
}): boolean {
  if (status === 401) return true;
  const error = (json as { readonly error?: unknown } | null | undefined)?.error;
  return (status === 400 || status === 403) && error === 'invalid_client';
}

/** This server as a client, as the authorization server knows it. */
export interface ClientSecretOptions {
  readonly clientId: string;
  readonly secret: SecretSource;
}

/**
 * HTTP Basic with both parts form-encoded first (RFC 6749 §2.3.1, Appendix B), so that any character is
 * safe. Letters, digits and `*-._` stay as they are, for the servers that do not decode.
 *
 * @throws {ConfigError} Without a client id, or with an empty secret.
 */
export function clientSecretBasic(options: ClientSecretOptions): ClientAuthentication {
  return withSecret(options, (secret) => (_server, { client_id: clientId }, _body, headers) => {
    const credentials = `${formEncode(clientId)}:${formEncode(secret)}`;
    headers.set('Authorization', `Basic ${btoa(credentials)}`);
  });
}

/**
 * Client id and secret in the body (RFC 6749 §2.3.1), for servers that do not take Basic.
 *
 * @throws {ConfigError} Without a client id, or with an empty secret.
 */
export function clientSecretPost(options: ClientSecretOptions): ClientAuthentication {
  return withSecret(options, ClientSecretPost);
}

const secretCheck = check.either(
  'must be a Secret, or a function that finds one',
  check.callback,
  check.shape('a Secret', { reveal: 'function' }),
);

const secretChecks: Checks<ClientSecretOptions> = { clientId: check.text, secret: secretCheck };

/** Options for {@link privateKeyJwt}. */
export interface PrivateKeyJwtOptions {
  readonly clientId: string;
  /** Signs, by its own algorithm. Not extractable is best. */
  readonly key: webcrypto.CryptoKey;
  /** `kid` under which the server knows the public key. Default none. */
  readonly keyId?: string;
  /** Issuer of the server, which the assertion is for. */
  readonly audience: string;
}

const privateKeyChecks: Checks<PrivateKeyJwtOptions> = {
  clientId: check.text,
  key: check.where(
    'must be a CryptoKey',
    (value) => Object.prototype.toString.call(value) === '[object CryptoKey]',
  ),
  keyId: check.optional(check.text),
  audience: check.text,
};

/**
 * An assertion that is signed anew for every request (RFC 7523 §2.2): no secret is sent.
 *
 * @throws {ConfigError} Without a client id.
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication {
  const { clientId, key, keyId, audience } = checkOptions(
    'clientAuthentication',
    options,
    privateKeyChecks,
  );
  assertClientId(clientId);
  if (keyId === '') throw new ConfigError('clientAuthentication.keyId', 'must not be empty');
  const sign = PrivateKeyJwt({ key, ...(keyId !== undefined && { kid: keyId }) });
  return {
    canChange: false,
    present: () => apply(sign, clientId, { issuer: audience }),
  };
}

/**
 * A token of one's own in the `Authorization` header (RFC 7662 §2.1), such as an API key.
 *
 * @throws {ConfigError} When it is empty, or no header can have it.
 */
export function bearerToken(token: SecretSource): ClientAuthentication {
  checkArgument('clientAuthentication.secret', token, secretCheck);
  if (typeof token !== 'function') assertSendable(token.reveal());
  return {
    canChange: typeof token === 'function',
    async present(isRefused) {
      const value = await reveal(token, isRefused);
      assertSendable(value);
      return { headers: { Authorization: `Bearer ${value}` }, parameters: {} };
    },
  };
}

/**
 * No authentication: for endpoints that only an own network reaches, such as an admin port.
 *
 * @param clientId Sent as `client_id` if given.
 */
export function noClientAuthentication(clientId?: string): ClientAuthentication {
  checkArgument('clientAuthentication.clientId', clientId, check.optional(check.text));
  return {
    canChange: false,
    async present() {
      if (clientId === undefined) return { headers: {}, parameters: {} };
      return apply(None(), clientId);
    },
  };
}

function withSecret(
  options: ClientSecretOptions,
  authenticate: (secret: string) => ClientAuth,
): ClientAuthentication {
  const { clientId, secret } = checkOptions('clientAuthentication', options, secretChecks);
  assertClientId(clientId);
  if (typeof secret !== 'function') assertSecret(secret.reveal());
  return {
    canChange: typeof secret === 'function',
    present: async (isRefused) => apply(authenticate(await reveal(secret, isRefused)), clientId),
  };
}

/** The library writes into a body and headers of its own; what it wrote is sent with ours. */
async function apply(
  authenticate: ClientAuth,
  clientId: string,
  server: AuthorizationServer = { issuer: 'https://unused.invalid' },
): Promise<Credentials> {
  const parameters = new URLSearchParams();
  const headers = new Headers();
  await authenticate(server, { client_id: clientId }, parameters, headers);
  return { headers: Object.fromEntries(headers), parameters: Object.fromEntries(parameters) };
}

async function reveal(source: SecretSource, isRefused: boolean): Promise<string> {
  const secret = typeof source === 'function' ? await answerOf(source, isRefused) : source;
  const text = secret.reveal();
  assertSecret(text);
  return text;
}

/** Limits the wait for a secret: a request that waits occupies a place that other requests need. */
async function answerOf(source: AskForSecret, isRefused: boolean): Promise<Secret> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    const error = new Error(`the secret did not come within ${longestWaitMs} ms`);
    timer = setTimeout(reject, longestWaitMs, error);
  });
  try {
    return await Promise.race([source({ isRefused }), over]);
  } finally {
    clearTimeout(timer);
  }
}

/** As the URL standard serialises a form (RFC 6749, Appendix B). */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function assertSecret(text: string): void {
  if (text === '') refuseSecret('must not be empty');
}

function assertSendable(text: string): void {
  if (!/^[\x21-\x7e]+$/.test(text)) refuseSecret('must be printable ASCII without spaces');
}

function refuseSecret(problem: string): never {
  throw new ConfigError('clientAuthentication.secret', problem);
}

function assertClientId(clientId: unknown): void {
  if (typeof clientId !== 'string' || clientId === '') {
    throw new ConfigError(
      'clientAuthentication.clientId',
      'must be the id of this server as a client',
    );
  }
}
