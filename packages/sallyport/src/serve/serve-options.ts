/** What `dev` and `run` have in common. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';

/** Options of `dev` and `run`. */
export interface ServeOptions {
  /** The MCP endpoint of the server behind the gate. */
  readonly upstream?: string;
  /** The address to listen on. */
  readonly host?: string;
  /** The port to listen on, as text. */
  readonly port?: string;
  /** Also answers `GET /mcp/tools/list` and `POST /tools/call`. */
  readonly curl?: boolean;
  /** Names of variables that a child process gets. */
  readonly pass?: readonly string[];
  /** One child process for all callers. */
  readonly shared?: boolean;
  /** Where the documentation is served: the log line of a refusal names its page there. `run` only. */
  readonly documentation?: string;
  /** A `.env` file. */
  readonly envFile?: string;
  /** Opens the Inspector. `dev` only. */
  readonly inspector?: boolean;
  /** Starts the server anew when a file of it changes. `dev` only. */
  readonly reload?: boolean;
}

/** The server behind the gate. */
export type Target =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] }
  /** A module that exports an MCP server, or a function that makes one. */
  | { readonly kind: 'module'; readonly file: string };

const howToSay = `Say which server is to be put behind the gate:
  --upstream http://127.0.0.1:9000/mcp    a server that speaks HTTP, in any language
  -- python server.py                     a server over stdio, in any language
  server.ts                               a module that exports an MCP server`;

/**
 * Reads which server is meant.
 *
 * @param file The argument before `--`.
 * @param words What follows `--`.
 * @throws {UsageError} When none is meant, or several are.
 */
export function readTarget(
  { upstream }: ServeOptions,
  file: string | undefined,
  words: readonly string[],
  folder: string,
): Target {
  const [command, ...args] = words;
  const given = [upstream, file, command].filter((each) => each !== undefined);
  if (given.length === 0) throw new UsageError(howToSay);
  if (given.length > 1) throw new UsageError(`Name one server, not several.\n${howToSay}`);
  if (upstream !== undefined) return { kind: 'http', url: upstream };
  if (command !== undefined) return { kind: 'command', command, args };
  const path = resolve(folder, file ?? '');
  if (existsSync(path)) return { kind: 'module', file: path };
  throw new UsageError(
    `${file} does not exist. A command stands behind "--", such as: -- python server.py`,
  );
}
