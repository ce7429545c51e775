/** Watches the output and the input of Node.js: streams, programs, HTTP. */
import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { type ClientRequest, type IncomingMessage, ServerResponse } from 'node:http';
import { keepAuthorization, keepVariable, secretFields } from './credentials.ts';
import { mayAnswerSecrets } from './declared.ts';
import type { Watch } from './watch.ts';

const longestBody = 65_536;
const signing = new WeakSet<object>();

/** Called once per process or worker, before anything of a test is loaded. */
export function watchPlatform(watch: Watch): void {
  watchStreams(watch);
  watchPrograms(watch);
  watchRequests(watch);
  watchAnswers(watch);
}

/** @param jose The module, once a test has loaded it. */
export function watchSigning(jose: object, watch: Watch): void {
  for (const name of ['SignJWT', 'CompactSign']) {
    const { prototype } = Reflect.get(jose, name) as { prototype: object };
    if (signing.has(prototype)) continue;
    signing.add(prototype);
    after(prototype, 'sign', (_self, _args, signed) => {
      void Promise.resolve(signed).then(watch.keepSecret, () => {});
    });
  }
}

function watchStreams(watch: Watch): void {
  for (const stream of [process.stdout, process.stderr])
    before(stream, 'write', keepPrinted(watch));
}

const consoles = new WeakSet<object>();

/** Called before each test file. A console is watched only once. */
export function watchConsole(watch: Watch): void {
  const { console } = globalThis;
  if (consoles.has(console)) return;
  consoles.add(console);
  for (const name of ['debug', 'error', 'info', 'log', 'trace', 'warn']) {
    before(console, name, keepPrinted(watch));
  }
}

function keepPrinted(watch: Watch): Look {
  return (_self, args) => {
    for (const arg of args) {
      const said = arg instanceof Uint8Array ? toText(arg) : arg;
      if (typeof said !== 'function') watch.keepOutput('a console or standard stream', said);
    }
  };
}

/** Lines of a program are kept whole, wherever its pieces of output end. */
function watchPrograms(watch: Watch): void {
  after(ChildProcess.prototype, 'spawn', (self, [options]) => {
    const { envPairs } = options as { envPairs?: readonly string[] };
    for (const pair of envPairs ?? []) keepVariable(pair, watch);
    const { stdout, stderr } = self as ChildProcess;
    for (const stream of [stdout, stderr]) {
      if (stream === null) continue;
      // Joined at the end of a line only: a line of megabytes arrives in hundreds of pieces.
      let rest: string[] = [];
      // Looking on: a listener would set the stream flowing before the test listens.
      before(stream, 'push', (_stream, [chunk]) => {
        const text = toText(chunk ?? '\n');
        const end = text.lastIndexOf('\n');
        if (end === -1) return void rest.push(text);
        const lines = [...rest, text.slice(0, end)].join('').split('\n');
        rest = [text.slice(end + 1)];
        for (const line of lines) {
          if (line.startsWith('{"severity":')) watch.keepLine(`${line}\n`);
          else watch.keepOutput('a program that a test started', line);
        }
      });
    }
  });
}

function watchRequests(watch: Watch): void {
  const keepFields = (read: (name: string) => unknown) => {
    keepAuthorization(read('authorization'), watch);
    for (const name of secretFields) watch.keepSecret(read(name));
  };
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    keepFields((name) => request.headers[name]);
  });
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest };
    keepFields((name) => request.getHeader(name));
  });
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { headers?: unknown } };
    const fields = Array.isArray(request.headers) ? request.headers.map(String) : [];
    keepFields((name) => {
      const at = fields.findIndex(
        (field, index) => index % 2 === 0 && field.toLowerCase() === name,
      );
      return at === -1 ? undefined : fields[at + 1];
    });
  });
}

function watchAnswers(watch: Watch): void {
  const bodies = new WeakMap<ServerResponse, string[]>();
  const keep = (self: unknown, [chunk]: readonly unknown[]) => {
    const response = self as ServerResponse;
    const body = bodies.get(response) ?? [];
    if (!bodies.has(response)) {
      bodies.set(response, body);
      response.once('close', () => {
        if (mayAnswerSecrets(response.req)) return;
        const head = Reflect.get(response, '_header');
        watch.keepOutput('an HTTP answer', `${String(head)}${body.join('').slice(0, longestBody)}`);
      });
    }
    if (typeof chunk !== 'function' && body.length < 1_000) body.push(toText(chunk));
  };
  before(ServerResponse.prototype, 'write', keep);
  before(ServerResponse.prototype, 'end', keep);
}

type Look = (self: unknown, args: readonly unknown[], result?: unknown) => void;

function before(target: object, name: string, look: Look): void {
  wrap(target, name, (self, args, call) => {
    look(self, args);
    return call();
  });
}

function after(target: object, name: string, look: Look): void {
  wrap(target, name, (self, args, call) => {
    const result = call();
    look(self, args, result);
    return result;
  });
}

function wrap(
  target: object,
  name: string,
  around: (self: unknown, args: readonly unknown[], call: () => unknown) => unknown,
): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') throw new TypeError(`there is no ${name} to look on at`);
  Reflect.set(target, name, function (this: unknown, ...args: unknown[]) {
    return around(this, args, () => Reflect.apply(original, this, args));
  });
}

function toText(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  if (chunk instanceof Uint8Array) return Buffer.from(chunk).toString();
  return chunk === undefined || chunk === null ? '' : String(chunk);
}
