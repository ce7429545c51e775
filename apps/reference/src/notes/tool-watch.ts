/** Tools that fail: the caller reads a sentence of this server, and the operator one line in the log. */
import { NoteStoreError } from './note-fault.ts';

/** A tool failed, or told its caller of an error. No field comes from the caller. */
export interface ToolFailure {
  readonly type: 'tool_failed' | 'tool_answered_error';
  readonly tool: string;
  /** A `NoteFault`, out of a closed list. Absent where the tool answered by itself. */
  readonly reason?: string;
  /** Name of the error's class, if it is one of the language's. */
  readonly error?: string;
  readonly [detail: string]: unknown;
}

/** Receives failures. */
export type ToolListener = (failure: ToolFailure) => void;

interface ToolResult {
  readonly [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  isError?: boolean;
}

/** Runs one call of a tool. */
export type ToolWatch = (tool: string, work: () => Promise<ToolResult>) => Promise<ToolResult>;

// The caller can correct these, so the operator gets no line.
const quotas: ReadonlySet<string> = new Set(['quota_notes', 'quota_bytes']);
const languageErrors = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
]);

/**
 * Without it, the SDK sends the message of the tool's error to the caller, and logs nothing.
 *
 * @param onFailure Default: failures are not reported.
 */
export function createToolWatch(onFailure: ToolListener = () => {}): ToolWatch {
  return async (tool, work) => {
    try {
      const result = await work();
      if (result.isError === true) onFailure({ type: 'tool_answered_error', tool });
      return result;
    } catch (error) {
      const failure =
        error instanceof NoteStoreError ? error : new NoteStoreError('unexpected', error);
      const { fault: reason, message, cause } = failure;
      if (!quotas.has(reason)) onFailure({ type: 'tool_failed', tool, reason, ...nameOf(cause) });
      return { content: [{ type: 'text', text: message }], isError: true };
    }
  };
}

function nameOf(error: unknown): { error?: string } {
  const name = error instanceof Error ? error.name : undefined;
  return name !== undefined && languageErrors.has(name) ? { error: name } : {};
}
