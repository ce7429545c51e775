/**
 * Runs in a child process, in the folder of the projects: starts each project on a free port, and reports the
 * ports by the names of the projects. Arguments: `name=path` of each entry.
 *
 * A server of Node.js runs as it is. Functions of the Fetch API, events of AWS Lambda, and the servers of Deno
 * and Bun get a server of Node.js in front. The nightly tests run them on their platforms.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';

type Fetch = (request: Request, ...platform: readonly unknown[]) => Promise<Response>;

interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

interface Entry {
  readonly server?: Server;
  readonly default?: { readonly fetch: Fetch };
  readonly GET?: Fetch;
  readonly POST?: Fetch;
  readonly started?: Promise<Entry>;
  readonly handler?: (event: unknown) => Promise<LambdaAnswer>;
}

const loopback = '127.0.0.1';

const ports: Record<string, number> = {};
for (const argument of process.argv.slice(2)) {
  const [name = '', path = ''] = argument.split('=');
  const server = await start(path);
  if (!server.listening) await once(server, 'listening');
  ports[name] = (server.address() as AddressInfo).port;
}
process.send?.(ports);

async function start(path: string): Promise<Server> {
  let served: Fetch | undefined;
  const platforms = {
    Deno: {
      serve: (_options: unknown, fetch: Fetch) => {
        served = (request) => fetch(request, { remoteAddr: { hostname: loopback } });
      },
    },
    Bun: {
      serve: ({ fetch }: { fetch: Fetch }) => {
        served = (request) => fetch(request, { requestIP: () => ({ address: loopback }) });
      },
    },
  };
  Object.assign(globalThis, platforms);
  const loaded: Entry = await import(pathToFileURL(path).href);
  // A CommonJS file starts its server in a function.
  const entry = loaded.started === undefined ? loaded : await loaded.started;
  for (const name of Object.keys(platforms)) Reflect.deleteProperty(globalThis, name);
  if (entry.server !== undefined) return entry.server;
  const { handler, POST } = entry;
  if (handler !== undefined) return listen((request) => answerByEvent(handler, request));
  if (POST !== undefined) {
    const metadata = new URL(
      '../.well-known/oauth-protected-resource/[[...path]]/route.ts',
      pathToFileURL(path),
    );
    const { GET }: Entry = await import(metadata.href);
    return listen((request) => (request.method === 'GET' ? GET : POST)?.(request));
  }
  served ??= entry.default?.fetch;
  if (served === undefined) throw new Error(`${path} starts no server`);
  return listen(served);
}

function listen(answer: (request: Request) => Promise<Response> | undefined): Server {
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = 'GET', url = '/', headers } = incoming;
    const body = Buffer.concat(chunks);
    const request = new Request(`http://${headers.host}${url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(method === 'POST' && { body }),
    });
    const response = (await answer(request)) ?? new Response(null, { status: 404 });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  };
  return createServer((incoming, outgoing) => void respond(incoming, outgoing)).listen(0, loopback);
}

async function answerByEvent(
  handler: NonNullable<Entry['handler']>,
  request: Request,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const answer = await handler({
    version: '2.0',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(request.headers),
    requestContext: { http: { method: request.method, path: pathname, sourceIp: loopback } },
    body: await request.text(),
    isBase64Encoded: false,
  });
  return new Response(Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8'), {
    status: answer.statusCode,
    headers: answer.headers ?? {},
  });
}
