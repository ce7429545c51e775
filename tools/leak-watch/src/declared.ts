/** Outputs that may contain a token or secret, and why. This list is closed. */
import type { IncomingMessage } from 'node:http';
import type { Output } from './watch.ts';

/** A text that a test uses as a token or secret, although it is neither. */
interface PublicText {
  readonly text: string;
  readonly because: string;
}

export const publicTexts: readonly PublicText[] = [
  {
    text: 'x", scope="audit-marker-7f3k9',
    because: 'what an audit sends as a token, to see whether the server repeats it',
  },
  { text: 'dev-token-12345', because: 'the development token that the documentation prints' },
  { text: 'https://id.acme-corp.dev/jwks', because: 'an address, put where a key belongs' },
  { text: 'https://id.acme-corp.dev/introspect', because: 'an address, kept as a secret' },
  { text: 'https://notes.acme-corp.dev/mcp', because: 'an address, put where a key belongs' },
  { text: 'https://internal-auth.acme-corp.dev/', because: 'an address, put where a key belongs' },
  { text: 'https://internal-auth.example.com', because: 'an address, put where a key belongs' },
  { text: '{your-client-secret}', because: 'a placeholder, which is refused' },
  { text: 'your-client-id', because: 'a placeholder, which is refused' },
  {
    text: '{"<token>": {"client_id": "me", "scopes": ["read:data"]}} ',
    because: 'an example of the documentation, and of the message that asks for one like it',
  },
  {
    text: '{"write:data": ["read:data"]}',
    because: 'an example of the documentation, put where a key belongs',
  },
];

/** What a test shows on purpose. */
interface DeliberateLeak {
  /** The end of the test file's path. */
  readonly file: string;
  readonly outputs: readonly Output[];
  readonly because: string;
}

export const deliberateLeaks: readonly DeliberateLeak[] = [
  {
    file: 'packages/sallyport/test/serve.test.ts',
    outputs: ['a program that a test started'],
    because: 'the command for development prints a token of its local authorization server',
  },
  ...['servers', 'clients'].map(
    (name): DeliberateLeak => ({
      file: `packages/sallyport/nightly/${name}.test.ts`,
      outputs: ['a program that a test started'],
      because: 'the command for development prints a token of its local authorization server',
    }),
  ),
  {
    file: 'apps/docs/nightly/quick-start.test.ts',
    outputs: ['a program that a test started'],
    because: 'the command for development prints a token of its local authorization server',
  },
  {
    file: 'packages/telemetry/test/canary.test.ts',
    outputs: ['an error', 'an audit event'],
    because: 'a careless verifier quotes tokens, so that it can be seen that no sink writes them',
  },
  {
    file: 'packages/cached-secrets/test/cached-secrets.test.ts',
    outputs: ['an error'],
    because:
      'the test gives the secret to the code that validates it, and then searches the output for it',
  },
];

/** Addresses of servers in tests whose job is to answer tokens, or secrets, or what a token says. */
const answeringSecrets: readonly RegExp[] = [
  // Authorization servers: RFC 6749 §3.2, RFC 7662 §2.1, RFC 7591 §3.
  /\/token$/,
  /\/introspect(?:ion)?$/,
  /\/register$/,
  // Vault.
  /^\/v1\//,
  // The public half of a private key is a part of it. The proxy's tests demand that nothing else is there.
  /^\/\.well-known\/sallyport-assertion-keys\.json$/,
];

/** Settings are read from where secrets are, and most are none: the start-up report shows them. */
const settings =
  /^AWS_REGION$|^GCP_PROJECT_ID$|^FASTMCP_SERVER_AUTH_(?!STATIC_TOKENS|JWT_PUBLIC_KEY|.*CLIENT_SECRET|API_KEY_.*SECRET|.*REDIS_URL)/;
// Where a secret is, and not what it is.
const reference = /^(?:aws-sm|file|gcp-sm|vault):\/\//;
const settingsInBackends: readonly string[] = [
  'jwt-issuer',
  'jwt-audience',
  'jwt-jwks-uri',
  'introspection-url',
  'introspection-client-id',
];

/** @param name Of a variable, or in a secret backend. */
export function isPublicSetting(name: string, text: string): boolean {
  return settings.test(name) || settingsInBackends.includes(name) || reference.test(text);
}

export function mayAnswerSecrets({ url = '', headers }: IncomingMessage): boolean {
  // AWS has one address for everything.
  if (headers['x-amz-target'] === 'secretsmanager.GetSecretValue') return true;
  const [path = ''] = url.split('?', 1);
  return answeringSecrets.some((address) => address.test(path));
}

/**
 * Whether a piece is the base64 of a claim that says when, such as `"exp":1795451746`: whatever was signed
 * at about the same time has that.
 */
function isTime(piece: string): boolean {
  return [0, 1, 2, 3].some((start) => {
    const text = Buffer.from(piece.slice(start), 'base64url').toString('latin1');
    return /^[",:{}[\]0-9expiatnbf]{6,}$/.test(text);
  });
}

/**
 * An address of this machine. A Redis URL with a password is a secret, and another server may have a port that begins
 * alike.
 */
function isOwnAddress(piece: string): boolean {
  return /^(?:127|27|7)?\.0\.0\.1:\d{2,5}$/.test(piece);
}

/** Whether a piece belongs to a text that may be shown, or is shown on purpose. */
export function isDeclared(piece: string, output: Output, testFile: string): boolean {
  const isPublic = publicTexts.some(({ text }) => text.includes(piece));
  return (
    isPublic ||
    isTime(piece) ||
    isOwnAddress(piece) ||
    deliberateLeaks.some(({ file, outputs }) => testFile.endsWith(file) && outputs.includes(output))
  );
}
