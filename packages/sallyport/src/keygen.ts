/** `sallyport keygen`: keys and secrets, printed once and kept nowhere. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { exitCode } from './exit-code.ts';
import type { Surroundings } from './surroundings.ts';
import { writeNext } from './terminal/next.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';
import { UsageError } from './usage-error.ts';

/** Options of `keygen`. */
export interface KeygenOptions {
  readonly json?: boolean;
}

interface Made {
  /** The only copy. */
  readonly secret: string;
  /** The variable of this server for the secret. `undefined` if the secret is for another server. */
  readonly variable?: string;
  /** What others may know. */
  readonly public?: Readonly<Record<string, unknown>>;
  readonly meaning: string;
  readonly next: string;
}

const store = (name: string) =>
  `sallyport keygen KIND | gcloud secrets create ${name} --data-file=-`;
const random = () => randomBytes(48).toString('base64url');

const kinds: Readonly<Record<string, () => Made>> = {
  hmac: () => ({
    secret: random(),
    variable: 'FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY',
    meaning: 'A shared secret of 384 bits for HS256 and HS384. Whoever has it can issue tokens.',
    next: `store it for issuer and server: ${store('hmac-secret-key').replace('KIND', 'hmac')}`,
  }),
  session: () => ({
    secret: random(),
    variable: 'FASTMCP_SERVER_AUTH_SESSION_SECRET',
    meaning: 'A secret of 384 bits that all instances share for session ids.',
    next: `store it: ${store('session-secret').replace('KIND', 'session')}`,
  }),
  'api-key': () => ({
    secret: random(),
    variable: 'FASTMCP_SERVER_AUTH_API_KEY_SECRET',
    meaning: 'A secret of 384 bits that all instances share for the digests of API keys.',
    next: `store it: ${store('api-key-secret').replace('KIND', 'api-key')}`,
  }),
  es256: () => ({
    ...makeKeyPair(),
    meaning: 'A private key for ES256, with which an issuer signs tokens, and its public key.',
    next: 'give the private key to the issuer, and set FASTMCP_SERVER_AUTH_JWT_PUBLIC_KEY to the public one',
  }),
  assertion: () => ({
    ...makeKeyPair(),
    meaning:
      'A private key for ES256, with which the proxy signs who is calling, and its public key.',
    next: `store it, and set FASTMCP_SERVER_AUTH_ASSERTION_KEY=gcp-sm://assertion-key: ${store('assertion-key').replace('KIND', 'assertion')}`,
  }),
};

const keyKinds: readonly string[] = Object.keys(kinds);

/**
 * Makes one. The secret is all of standard output where that is a pipe, so that it goes straight into a store.
 *
 * @returns The exit code.
 */
export function keygen(kind: string, { json }: KeygenOptions, surroundings: Surroundings): number {
  const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (make === undefined) throw new UsageError(`Name the kind of key: ${keyKinds.join(', ')}.`);
  const { output, errors, variables } = surroundings;
  const made = make();
  if (json) output.write(`${JSON.stringify({ kind, ...made }, null, 2)}\n`);
  else if (output.isTTY) writeForPerson(createTerminal(output, variables), made);
  else {
    // Without a newline at the end, which would become part of a stored secret.
    output.write(made.secret);
    const terminal = createTerminal(errors, variables);
    if (made.public !== undefined) terminal.line(JSON.stringify(made.public, null, 2));
    terminal.line(`${made.meaning} It is not shown again.`);
  }
  return exitCode.done;
}

function writeForPerson(terminal: Terminal, made: Made): void {
  terminal.line();
  terminal.paragraph(made.meaning);
  terminal.line();
  terminal.line(made.variable === undefined ? made.secret : `${made.variable}=${made.secret}`);
  if (made.public !== undefined) {
    terminal.line();
    terminal.line('  Public key, as PEM and as a JWK set:');
    terminal.line();
    for (const [name, value] of Object.entries(made.public)) {
      terminal.line(name === 'pem' ? String(value).trim() : JSON.stringify(value));
    }
  }
  terminal.line();
  terminal.paragraph(terminal.paint('careful', 'This is the only copy: it is not shown again.'));
  writeNext(terminal, made.next);
}

function makeKeyPair(): Pick<Made, 'secret' | 'public'> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  // RFC 7638 §3: the name that the proxy gives the key as well.
  const thumbprint = JSON.stringify({ crv, kty, x, y });
  const jwk = {
    ...{ kty, crv, x, y },
    kid: createHash('sha256').update(thumbprint).digest('base64url'),
    alg: 'ES256',
    use: 'sig',
  };
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public: {
      pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      jwks: { keys: [jwk] },
    },
  };
}
