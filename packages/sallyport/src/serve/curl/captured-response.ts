import { type IncomingMessage, ServerResponse } from 'node:http';

/** An answer that stays in this process. */
export interface CapturedAnswer {
  readonly status: number;
  readonly sessionId: string | undefined;
  readonly text: string;
}

/** Takes the place of a response: what is written to it is kept, and nothing is sent. */
export class CapturedResponse extends ServerResponse {
  /** The whole answer, once it ended. */
  readonly answer: Promise<CapturedAnswer>;
  readonly #chunks: Buffer[] = [];
  readonly #settle: (answer: CapturedAnswer) => void;

  constructor(request: IncomingMessage) {
    super(request);
    const { promise, resolve } = Promise.withResolvers<CapturedAnswer>();
    this.answer = promise;
    this.#settle = resolve;
    // Without one, an upstream takes the client for gone.
    Object.defineProperty(this, 'socket', { value: request.socket });
    request.socket.once('close', () => this.destroy());
  }

  override write(...given: unknown[]): boolean {
    this.#keep(given);
    return true;
  }

  override end(...given: unknown[]): this {
    this.#keep(given);
    this.#finish();
    return this;
  }

  override flushHeaders(): void {}

  override destroy(): this {
    this.#finish();
    return this;
  }

  #keep([chunk, ...rest]: unknown[]): void {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array)
      this.#chunks.push(Buffer.from(chunk));
    const callback = [chunk, ...rest].find((each) => typeof each === 'function');
    if (callback !== undefined) (callback as () => void)();
  }

  #finish(): void {
    const sessionId = this.getHeader('Mcp-Session-Id');
    this.#settle({
      status: this.statusCode,
      sessionId: typeof sessionId === 'string' ? sessionId : undefined,
      text: Buffer.concat(this.#chunks).toString('utf8'),
    });
    this.emit('finish');
    this.emit('close');
  }
}
