/** `sallyport install`: shows, or writes, what connects a client to a server. */
import { exitCode } from '../exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { createTerminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { clients, type InstallableClient } from './clients.ts';
import { editJson } from './edit-json.ts';
import { editToml } from './edit-toml.ts';
import { readFileIfThere, replaceFile } from './files.ts';
import { NameTaken, type NewServer } from './new-server.ts';

/** Options of `install`. */
export interface InstallOptions {
  readonly json?: boolean;
  /** Changes the file. Default: the change is shown. */
  readonly write?: boolean;
  /** What the client calls the server. Default: from the URL. */
  readonly name?: string;
  /** The file to change, in place of the client's own. */
  readonly file?: string;
}

const clientNames: readonly string[] = Object.keys(clients);

/** @returns The exit code. */
export function install(
  clientName: string,
  url: string,
  options: InstallOptions,
  surroundings: Surroundings,
): number {
  const client = Object.hasOwn(clients, clientName) ? clients[clientName] : undefined;
  if (client === undefined) {
    throw new UsageError(
      `"${clientName}" is not a client that this command knows: ${clientNames.join(', ')}.`,
    );
  }
  const server = describeServer(client, readUrl(url), options.name);
  const file = options.file ?? client.file(surroundings);
  const before = readFileIfThere(file);
  const edit = client.format === 'json' ? editJson : editToml;
  let after: string;
  try {
    after = edit(before ?? '', server, file);
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    surroundings.errors.write(`${error.message}\n`);
    return exitCode.broken;
  }
  const isChanged = after !== (before ?? '');
  if (options.write && isChanged) replaceFile(file, after);

  const next = client.next(server.name, file);
  const { output, variables } = surroundings;
  if (options.json) {
    const change = { client: clientName, file, name: server.name, entry: server.entry };
    output.write(
      `${JSON.stringify({ ...change, isWritten: options.write === true && isChanged, isChanged, next }, null, 2)}\n`,
    );
    return exitCode.done;
  }
  const terminal = createTerminal(output, variables);
  terminal.line();
  if (!isChanged)
    terminal.paragraph(`${terminal.paint('good', '✓')} ${file} has this server already.`);
  else if (options.write)
    terminal.paragraph(
      `${terminal.paint('good', '✓')} ${file} now connects ${client.title} to ${url}.`,
    );
  else {
    terminal.paragraph(`${before === undefined ? 'Would create' : 'Would change'} ${file}:`);
    terminal.line();
    for (const line of diff(before ?? '', after)) {
      terminal.line(
        `  ${terminal.paint(line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'quiet', line)}`,
      );
    }
  }
  writeNext(
    terminal,
    isChanged && !options.write ? 'add --write to this command to write it' : next,
  );
  return exitCode.done;
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url;
  throw new UsageError(
    'Name the MCP endpoint as a URL without credentials, such as https://notes.example.com/mcp',
  );
}

function describeServer(client: InstallableClient, url: URL, given: string | undefined): NewServer {
  const name = given ?? nameFrom(url);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new UsageError('--name must be 1 to 64 letters, digits, hyphens and underscores.');
  }
  const { href, pathname, search } = url;
  const written = pathname === '/' && search === '' ? href.replace(/\/$/, '') : href;
  const entry = client.entry(written);
  return { member: client.member, name, entry, mayMove: given !== undefined };
}

function nameFrom({ hostname, port }: URL): string {
  const [first = ''] = hostname.split('.');
  // Several servers run on one machine: the port tells them apart.
  return /^(?:localhost|127|\[.*)$/.test(first)
    ? ['local', ...(port === '' ? [] : [port])].join('-')
    : first.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 64);
}

/** The lines that differ, with three around them. Both texts have the same lines before and after. */
function diff(before: string, after: string): readonly string[] {
  const [old, fresh] = [before, after].map((text) => text.split(/\r?\n/)) as [string[], string[]];
  let start = 0;
  while (start < old.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < fresh.length - start &&
    old.at(-1 - end) === fresh.at(-1 - end)
  )
    end += 1;
  const around = 3;
  return [
    ...fresh.slice(Math.max(0, start - around), start).map((line) => `  ${line}`),
    ...old
      .slice(start, old.length - end)
      .filter((line) => line !== '')
      .map((line) => `- ${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+ ${line}`),
    ...fresh.slice(fresh.length - end, fresh.length - end + around).map((line) => `  ${line}`),
  ];
}
