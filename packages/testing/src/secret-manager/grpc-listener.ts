import { grpc } from 'google-gax';
import type { Refusal } from './refusals.ts';

/** A gRPC server on the loopback interface that can be taken away and brought back. */
export interface GrpcListener {
  readonly port: number;
  /** Opens the port again. Rejects when something else has taken it meanwhile. */
  open(): Promise<void>;
  /** Closes the port and breaks every connection. */
  close(): Promise<void>;
}

/** An answer on the wire, or how the call fails. */
export type Outcome = { readonly answer: object } | { readonly refusal: Refusal };

/** What one method does. */
export type UnaryMethod = (request: never) => Promise<Outcome>;

/** Options for {@link startGrpcListener}. */
export interface GrpcListenerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly service: grpc.ServiceDefinition;
  readonly methods: Readonly<Record<string, UnaryMethod>>;
  readonly credentials: grpc.ServerCredentials;
  /** How a call is refused, whatever it asks for. */
  readonly refuseCaller: (authorization: string | undefined) => Refusal | undefined;
}

/** Starts to listen on 127.0.0.1. Methods that are not given are UNIMPLEMENTED. */
export async function startGrpcListener(options: GrpcListenerOptions): Promise<GrpcListener> {
  const { service, methods, credentials, refuseCaller } = options;
  let server: grpc.Server | undefined;

  async function listen(port: number): Promise<number> {
    const next = new grpc.Server();
    next.addService(
      service,
      Object.fromEntries(
        Object.entries(methods).map(([name, method]) => [name, serve(method, refuseCaller)]),
      ),
    );
    const bound = await new Promise<number>((resolve, reject) => {
      next.bindAsync(`127.0.0.1:${port}`, credentials, (error, chosen) => {
        if (error === null) resolve(chosen);
        else reject(error);
      });
    });
    server = next;
    return bound;
  }

  const port = await listen(options.port);

  return {
    port,

    async open() {
      if (server === undefined) await listen(port);
    },

    async close() {
      server?.forceShutdown();
      server = undefined;
    },
  };
}

function serve(
  method: UnaryMethod,
  refuseCaller: GrpcListenerOptions['refuseCaller'],
): grpc.handleUnaryCall<unknown, object> {
  return ({ request, metadata }, callback) => {
    const refusal = refuseCaller(metadata.get('authorization')[0]?.toString());
    // The service definition has read the request: it is what the method takes.
    const outcome = refusal === undefined ? method(request as never) : Promise.resolve({ refusal });
    outcome.then(
      (settled) => {
        if ('answer' in settled) callback(null, settled.answer);
        else callback(settled.refusal);
      },
      // The server was stopped meanwhile, so no answer is possible.
      () => {},
    );
  };
}
