/** Values in place of those that only the platform can read, so that everything else can be checked. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secret, type SecretProvider } from '@sallyport/core';

const prefix = 'FASTMCP_SERVER_AUTH_';
const origin = 'https://identity.unread-secret.dev';

const random = () => randomBytes(48).toString('base64url');

/** @param algorithm What `…_JWT_ALGORITHM` says. */
function standInKey(algorithm: string): string {
  if (algorithm.startsWith('HS')) return random();
  const { publicKey } = algorithm.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: curves[algorithm] ?? 'P-256' })
    : algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

function pemOf(half: 'privateKey' | 'publicKey'): string {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const type = half === 'privateKey' ? 'pkcs8' : 'spki';
  return pair[half].export({ type, format: 'pem' } as never).toString();
}

/** A value that each variable accepts. `undefined` for a variable that needs none. */
export function standInFor(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const resource = variables[`${prefix}RESOURCE_URL`] ?? `${origin}/mcp`;
  switch (name.slice(prefix.length)) {
    case 'JWT_ISSUER':
      return origin;
    case 'JWT_AUDIENCE':
    case 'INTROSPECTION_AUDIENCE':
    case 'RESOURCE_URL':
      return resource;
    case 'JWT_JWKS_URI':
      return `${origin}/jwks`;
    case 'JWT_PUBLIC_KEY':
      return standInKey(variables[`${prefix}JWT_ALGORITHM`]?.trim() ?? 'RS256');
    case 'INTROSPECTION_URL':
      return `${origin}/introspect`;
    case 'INTROSPECTION_CLIENT_ID':
    case 'SIGN_IN_CLIENT_ID':
      return 'unread-secret';
    case 'INTROSPECTION_CLIENT_SECRET':
    case 'SESSION_SECRET':
    case 'API_KEY_SECRET':
    case 'API_KEY_PREVIOUS_SECRET':
    case 'DPOP_NONCE_SECRET':
    case 'JWT_PREVIOUS_KEY':
    case 'SIGN_IN_CLIENT_SECRET':
    case 'SIGN_IN_KEY':
    case 'SIGN_IN_PREVIOUS_KEY':
      return random();
    case 'ASSERTION_KEY':
      return pemOf('privateKey');
    case 'ASSERTION_PUBLISHED_KEYS':
      return pemOf('publicKey');
    case 'API_KEY_FILE':
      return '/keys.json';
    case 'DENIAL_LIST':
    case 'RATE_LIMIT_REDIS_URL':
    case 'API_KEY_REDIS_URL':
    case 'DPOP_REDIS_URL':
      return 'rediss://redis.unread-secret.dev:6380';
    case 'AUTHORIZATION_SERVERS':
      return origin;
    default:
      return undefined;
  }
}

/** A secret backend that holds stand-ins: of what the variables refer to, and of what they lack. */
export function standInSecrets(
  variables: Readonly<Record<string, string | undefined>>,
  onStandIn: (variable: string, secret: string) => void,
): SecretProvider {
  return {
    name: 'gcp_secret_manager',
    async get(name) {
      const variable = variableOf(name, variables);
      const value = variable === undefined ? undefined : standInFor(variable, variables);
      if (variable === undefined || value === undefined) return { found: false };
      onStandIn(variable, name);
      return { found: true, secret: new Secret(value), version: 'not read' };
    },
  };
}

// What Secret Manager holds by the name of the variable alone. Optional secrets are taken to be absent.
const needed: ReadonlySet<string> = new Set(
  [
    ...['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URI', 'JWT_PUBLIC_KEY'],
    ...['INTROSPECTION_URL', 'INTROSPECTION_CLIENT_ID', 'INTROSPECTION_CLIENT_SECRET'],
    ...['SIGN_IN_KEY'],
  ].map((name) => prefix + name),
);

/** By reference, such as `gcp-sm://notes-jwt-issuer`, or by the name of the variable in kebab case. */
function variableOf(
  secret: string,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const referring = Object.entries(variables).find(
    ([, value]) => value?.trim() === `gcp-sm://${secret}`,
  )?.[0];
  if (referring !== undefined) return referring;
  const name =
    secret === 'hmac-secret-key'
      ? `${prefix}JWT_PUBLIC_KEY`
      : `${prefix}${secret.toUpperCase().replaceAll('-', '_')}`;
  // The environment comes second: where it has the value, that is the one to check.
  const isNeeded = needed.has(name) && (variables[name] ?? '').trim() === '';
  return isNeeded ? name : undefined;
}
