import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertKnownOptions } from '../known-options.ts';
import { findSignatureFault } from './signature.ts';

/** Options for {@link startAwsSecretsManager}. */
export interface AwsSecretsManagerOptions {
  /** The first version of secrets, by name. Default none. */
  readonly secrets?: Readonly<Record<string, string | Uint8Array>>;
  /** Default `eu-central-1`. */
  readonly region?: string;
}

/** What goes wrong instead of an answer. */
type AwsFault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'status'; readonly status: number; readonly error?: string };

/** A running stand-in. */
export interface AwsSecretsManager {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly region: string;
  /** The only credentials that it accepts. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Stores a new version, and creates the secret if needed. Returns the version's id. */
  put(name: string, value: string | Uint8Array): string;
  /** Marks a secret for deletion. */
  deleteSecret(name: string): void;
  /** From now on requests fail, or as many as given. */
  fault(fault: AwsFault, times?: number): void;
  /** Requests are answered again. */
  clearFaults(): void;
  /** How many requests for this secret it has received. */
  hits(name: string): number;
  stop(): Promise<void>;
}

interface Stored {
  readonly versions: Map<string, string | Uint8Array>;
  current: string;
  isDeleted: boolean;
}

interface Asked {
  readonly SecretId: string;
  readonly VersionId?: string;
}

const target = 'secretsmanager.GetSecretValue';

/**
 * Starts a stand-in for AWS Secrets Manager on 127.0.0.1: its operation `GetSecretValue`, with the
 * signature of every request verified. Made from the published documentation, and not the service itself.
 *
 * @example
 * ```ts
 * const server = await startAwsSecretsManager({ secrets: { 'notes/key': 'kX3vQ9mZrT7bW2pL' } });
 * ```
 */
export async function startAwsSecretsManager(
  options: AwsSecretsManagerOptions = {},
): Promise<AwsSecretsManager> {
  assertKnownOptions(options, ['secrets', 'region']);
  const { secrets = {}, region = 'eu-central-1' } = options;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: randomUUID() };
  const store = new Map<string, Stored>();
  const hits = new Map<string, number>();
  const faults: { readonly fault: AwsFault; remaining: number }[] = [];

  function put(name: string, value: string | Uint8Array): string {
    const id = randomUUID();
    const stored = store.get(name) ?? { versions: new Map(), current: id, isDeleted: false };
    stored.versions.set(id, value);
    stored.current = id;
    store.set(name, stored);
    return id;
  }

  function takeFault(): AwsFault | undefined {
    const [first] = faults;
    if (first === undefined) return undefined;
    first.remaining -= 1;
    if (first.remaining <= 0) faults.shift();
    return first.fault;
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const asked: Asked = JSON.parse(body);
    hits.set(asked.SecretId, (hits.get(asked.SecretId) ?? 0) + 1);
    const fault = takeFault();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined) send(response, fault.status, { __type: fault.error });
    else send(response, ...judge(request, body, asked));
  }

  function judge(request: IncomingMessage, body: string, asked: Asked) {
    if (request.headers['x-amz-target'] !== target) return refusal('UnknownOperationException');
    const fault = findSignatureFault(request, body, { region, ...credentials });
    return fault === undefined ? answer(asked) : refusal(fault);
  }

  function answer({ SecretId, VersionId }: Asked): readonly [status: number, body: object] {
    const stored = store.get(SecretId);
    if (stored?.isDeleted) return refusal('InvalidRequestException');
    const id = VersionId ?? stored?.current ?? '';
    const value = stored?.versions.get(id);
    if (value === undefined) return refusal('ResourceNotFoundException');
    const body = {
      ARN: `arn:aws:secretsmanager:${region}:123456789012:secret:${SecretId}-AbCdEf`,
      Name: SecretId,
      VersionId: id,
      VersionStages: id === stored?.current ? ['AWSCURRENT'] : ['AWSPREVIOUS'],
      ...(typeof value === 'string'
        ? { SecretString: value }
        : { SecretBinary: Buffer.from(value).toString('base64') }),
    };
    return [200, body];
  }

  for (const [name, value] of Object.entries(secrets)) put(name, value);
  const server = createServer((request, response) => {
    receive(request, response).catch(() => send(response, ...refusal('SerializationException')));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    region,
    credentials,
    put,
    deleteSecret(name) {
      const stored = store.get(name);
      if (stored === undefined) throw new TypeError(`${name}: there is no such secret`);
      stored.isDeleted = true;
    },
    fault: (fault, remaining = Number.POSITIVE_INFINITY) => void faults.push({ fault, remaining }),
    clearFaults: () => void faults.splice(0),
    hits: (name) => hits.get(name) ?? 0,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function refusal(error: string): readonly [status: number, body: object] {
  return [400, { __type: error, message: error }];
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, {
      'Content-Type': 'application/x-amz-json-1.1',
      'x-amzn-RequestId': randomUUID(),
    })
    .end(JSON.stringify(body));
}
