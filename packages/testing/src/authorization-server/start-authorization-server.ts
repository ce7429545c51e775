import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { startListener } from '../listener.ts';
import { createAccessRules, defaultAccessTokenTtlSeconds } from './access-rules.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { defaultClientId, issueToken } from './issue-token.ts';
import { createMemoryStore } from './memory-store.ts';
import { mintToken } from './mint-token.ts';
import type { AuthorizationServerOptions } from './options.ts';
import { createProvider, paths } from './provider.ts';
import { toSettings } from './settings.ts';
import { createFrontDoor } from './sign-in/front-door.ts';
import { generateSigningKey, type SigningKey } from './signing-key.ts';

/**
 * Starts a real authorization server on 127.0.0.1, for tests and development.
 *
 * It asks for no password and lets everybody register: nothing of it is fit for production. All
 * state is in memory and ends with it. Nothing is printed.
 *
 * @example
 * ```ts
 * const server = await startAuthorizationServer({ consent: 'automatic' });
 * const token = await server.issueToken({ scopes: ['notes:read'] });
 * await server.stop();
 * ```
 * @throws {TypeError} for an option that cannot be used.
 */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  const settings = toSettings(options);
  const { algorithm, onError, subject: defaultSubject } = settings;
  const [defaultResource] = settings.resources;
  const rules = createAccessRules(settings);
  const store = createMemoryStore();
  const cookieKey = randomBytes(32).toString('base64url');
  const stopping = new AbortController();
  const door = createFrontDoor({
    handle: (request, response) => handle(request, response),
    signal: stopping.signal,
    onError,
  });

  let signingKey = await generateSigningKey(algorithm);
  let retiringKeys: readonly SigningKey[] = [];
  const listener = await startListener(settings.port, door.answer);
  const issuer = `http://127.0.0.1:${listener.port}`;
  let provider = build();
  let handle: RequestListener = provider.callback();

  /** oidc-provider reads its keys once: new ones are for another provider with the same store. */
  function build() {
    const keys = [signingKey, ...retiringKeys];
    return createProvider({ issuer, settings, rules, store, cookieKey, keys });
  }

  return {
    issuer,
    port: listener.port,
    authorizationUrl: issuer + paths.authorization,
    tokenUrl: issuer + paths.token,
    jwksUri: issuer + paths.jwks,
    introspectionUrl: issuer + paths.introspection,
    revocationUrl: issuer + paths.revocation,
    registrationUrl: issuer + paths.registration,
    hits: door.hits,
    fault: door.fault,
    clearFaults: door.clearFaults,

    async rotateKeys({ retireOld = false } = {}) {
      const next = await generateSigningKey(algorithm);
      retiringKeys = retireOld ? [] : [signingKey, ...retiringKeys];
      signingKey = next;
      provider = build();
      handle = provider.callback();
      return { kid: next.kid };
    },

    async mintToken(claims = {}, header = {}) {
      const { kid } = signingKey;
      const issuedAt = Math.floor(Date.now() / 1_000);
      const { accessTokenTtlSeconds = defaultAccessTokenTtlSeconds } = defaultResource;
      return mintToken({
        key: signingKey,
        header: { alg: algorithm, typ: 'at+jwt', kid, ...header },
        claims: {
          iss: issuer,
          aud: defaultResource.resource,
          sub: defaultSubject,
          client_id: defaultClientId,
          scope: defaultResource.scopes.join(' '),
          iat: issuedAt,
          exp: issuedAt + accessTokenTtlSeconds,
          jti: randomUUID(),
          ...claims,
        },
      });
    },

    async issueToken({ subject = defaultSubject, ...rest }) {
      return issueToken({ provider, rules, store }, { ...rest, subject });
    },

    pause: listener.close,
    resume: listener.open,

    async stop() {
      stopping.abort();
      await listener.close();
    },
  };
}
