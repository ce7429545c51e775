/** One request to the upstream, from its dispatch to the last byte of its answer. */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { AnswerFields } from './answer-fields.ts';
import type { AnswerWriter } from './answer-writer.ts';
import { type Fault, reasonOf } from './fault.ts';
import { type Asked, judgeAnswer, type Verdict } from './judge-answer.ts';
import { unavailable, writeAnswer } from './proxy-answers.ts';

/** An answer that has a body for the client. */
export type BodyVerdict = Exclude<Verdict, { kind: 'bare' | 'fault' }>;

/** What an exchange needs. */
export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly request: Dispatcher.DispatchOptions;
  readonly asked: Asked;
  readonly response: ServerResponse;
  /** How long nothing may happen, in milliseconds. A stream of events may be silent for longer. */
  readonly timeoutMs: number;
  /** Sends what the client sees of an answer without a body. */
  readonly writeBare: (status: number, fields: AnswerFields) => void;
  readonly openWriter: (verdict: BodyVerdict, fields: AnswerFields) => AnswerWriter;
  readonly failed: (fault: Fault) => void;
  readonly answered: () => void;
}

const disconnected = new Error('the client disconnected');
const done = new Error('the exchange is over');
// What may follow an answer that has no body for the client. The connection can be used again after it.
const maximumDroppedBytes = 65_536;
const droppingMs = 1_000;

/**
 * Asks the upstream and answers the client, exactly once. Resolves when both are done. Never rejects.
 *
 * A client that disconnects ends the upstream's request: the upstream sees what it would see without a proxy.
 */
export function exchange(options: ExchangeOptions): Promise<void> {
  const { dispatcher, request, asked, response, timeoutMs } = options;
  // The client disconnected while the gate decided.
  if (response.destroyed || !response.socket) return Promise.resolve();
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let writer: AnswerWriter | undefined;
    let isDropping = false;
    let dropped = 0;
    let end: Error | undefined;
    let isFull = false;
    let isSilenceAllowed = false;
    let timer = setTimeout(onSilence, timeoutMs);

    function wait(milliseconds: number): void {
      clearTimeout(timer);
      timer = setTimeout(onSilence, milliseconds);
    }

    /** Nothing more goes from the upstream to the client. */
    function stop(why: Error, isWhole = false): void {
      end = why;
      clearTimeout(timer);
      response.off('close', onClientClose).off('drain', onDrain);
      resolve();
      if (!isWhole) controller?.abort(why);
    }

    function fail(fault: Fault): void {
      if (end !== undefined) return;
      if (!isDropping) {
        options.failed(fault);
        const isBegun = writer?.lose() ?? false;
        if (!isBegun) writeAnswer(response, unavailable(fault.retryAfterSeconds));
      }
      stop(done);
    }

    function onSilence(): void {
      // A client that does not read for so long is not waiting any more.
      if (isFull) response.destroy();
      else fail({ reason: 'timeout' });
    }

    function onClientClose(): void {
      stop(disconnected);
    }

    function onDrain(): void {
      isFull = false;
      if (isSilenceAllowed) clearTimeout(timer);
      controller?.resume();
    }

    function onHead(status: number, fields: AnswerFields): void {
      const verdict = judgeAnswer(asked, status, fields);
      if (verdict.kind === 'fault') {
        fail(verdict.fault);
        return;
      }
      options.answered();
      if (verdict.kind === 'bare') {
        isDropping = true;
        // The client has its answer, and may leave.
        response.off('close', onClientClose);
        options.writeBare(verdict.status, fields);
        wait(droppingMs);
        return;
      }
      writer = options.openWriter(verdict, fields);
      isSilenceAllowed = verdict.kind === 'events';
      if (isSilenceAllowed) clearTimeout(timer);
    }

    function onData(chunk: Buffer): void {
      if (writer === undefined) {
        dropped += chunk.length;
        if (dropped > maximumDroppedBytes) stop(done);
        return;
      }
      const state = writer.write(chunk);
      if (state === 'fault') fail({ reason: 'body' });
      if (state === 'full') {
        isFull = true;
        controller?.pause();
      }
      // A body that is still collected must be complete in time, however slowly it comes.
      if (state === 'full' || (state === 'sent' && !isSilenceAllowed)) wait(timeoutMs);
    }

    function onEnd(): void {
      if (writer === undefined || writer.end()) stop(done, true);
      else fail({ reason: 'body' });
    }

    /** A stranger's answer runs through this code: whatever it throws is the answer's fault. */
    function guarded(act: () => void): void {
      try {
        if (end === undefined) act();
      } catch (error) {
        fail({ reason: reasonOf(error) });
      }
    }

    response.on('close', onClientClose).on('drain', onDrain);
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (end !== undefined) started.abort(end);
      },
      onResponseStart(_controller, status, fields) {
        // Interim answers (RFC 9110 §15.2) say nothing that the client waits for.
        if (status >= 200) guarded(() => onHead(status, fields));
      },
      onResponseData: (_controller, chunk) => guarded(() => onData(chunk)),
      onResponseEnd: () => guarded(onEnd),
      onResponseError: (_controller, error) => fail({ reason: reasonOf(error) }),
    };
    guarded(() => dispatcher.dispatch(request, handler));
  });
}
