/** The command line: which commands there are, and how their arguments are read. */
import { Command, CommanderError } from 'commander';
import { addAudit } from './audit/add-audit.ts';
import { exitCode } from './exit-code.ts';
import { addKeys } from './keys/add-keys.ts';
import type { Surroundings } from './surroundings.ts';
import { hideSecrets } from './terminal/hide-secrets.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs one command.
 *
 * @returns Its exit code: 0, 1, 2 or 78, as the README says.
 */
export async function runCommandLine(surroundings: Surroundings): Promise<number> {
  const { errors } = surroundings;
  // The words after it are another command, and not options of this one.
  const dashes = surroundings.words.indexOf('--');
  const words = dashes === -1 ? surroundings.words : surroundings.words.slice(0, dashes);
  const foreignWords = dashes === -1 ? [] : surroundings.words.slice(dashes + 1);
  let code: number = exitCode.done;
  const end = (result: number) => {
    code = result;
  };
  try {
    await createProgram(surroundings, { end, foreignWords }).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCode.done : exitCode.wrongUsage;
    }
    if (error instanceof UsageError) {
      errors.write(`${hideSecrets(error.message)}\n`);
      return exitCode.wrongUsage;
    }
    throw error;
  }
}

const pipeTheToken =
  'A token among the arguments is kept by the shell and seen by every process. Pipe it: pbpaste | sallyport explain';

interface Context {
  /** Takes the exit code. */
  readonly end: (code: number) => void;
  /** What follows `--`. */
  readonly foreignWords: readonly string[];
}

function createProgram(surroundings: Surroundings, { end, foreignWords }: Context): Command {
  const { output, errors } = surroundings;
  const program = new Command('sallyport')
    .description(
      'Puts any MCP server behind a hardened OAuth 2.1 gate, and finds out why a sign-in fails.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void output.write(text),
      // An argument that is quoted may be a token.
      writeErr: (text) => void errors.write(hideSecrets(text)),
      getOutHelpWidth: () => output.columns ?? 80,
      getErrHelpWidth: () => errors.columns ?? 80,
    })
    .showSuggestionAfterError()
    .helpCommand('help [command]', 'show the help of a command');

  addServe(program.command('dev [file]'))
    .description('try a server on this machine, with a local authorization server')
    .option('--inspector', 'open the MCP Inspector')
    .option('--no-reload', 'do not start the server anew when its file changes')
    .action(async (file, options) => {
      const { dev } = await import('./serve/serve.ts');
      end(await dev({ file, words: foreignWords }, options, surroundings));
    });

  addServe(program.command('run [file]'))
    .description('serve in production, as FASTMCP_SERVER_AUTH_* variables say')
    .option('--documentation <url>', 'name the page of this site in the log line of each refusal')
    .action(async (file, options) => {
      const { run } = await import('./serve/serve.ts');
      end(await run({ file, words: foreignWords }, options, surroundings));
    });

  withSettings(program.command('check'))
    .description('list what the settings come to, and every problem with them, without a start')
    .option('--offline', 'do not ask the secret backend')
    .option('--json', 'write JSON')
    .action(async (options) => {
      const { check } = await import('./check/check.ts');
      end(await check(options, surroundings));
    });

  withSettings(program.command('explain'))
    .description('read a token from standard input, and say why the gate accepts or refuses it')
    .option('--url <url>', 'take what the server expects from its public metadata')
    .option('--jwks <file>', 'take the keys of the issuer from a file; no network is used')
    .option('--tool <name>', 'try the token for this tool')
    .option('--json', 'write JSON')
    .allowExcessArguments()
    .action(async (options, { args }: Command) => {
      if (args.length > 0) throw new UsageError(pipeTheToken);
      const { explain } = await import('./explain/explain.ts');
      end(await explain(options, surroundings));
    });

  withSettings(program.command('doctor [url]'))
    .description('try everything that this server needs; with a URL, what a client meets there')
    .option('--json', 'write JSON')
    .action(async (url, options) => {
      const { doctor } = await import('./doctor/doctor.ts');
      end(await doctor(url, options, surroundings));
    });

  withSettings(program.command('token'))
    .description('write a token to standard output, in development only')
    .option('--url <url>', 'the endpoint that "sallyport dev" printed', 'http://localhost:8000/mcp')
    .option('--scope <scopes>', 'scopes, separated by spaces')
    .option('--json', 'write JSON')
    .action(async (options) => {
      const { token } = await import('./token/token.ts');
      end(await token(options, surroundings));
    });

  withList(withParty(program.command('deny')))
    .description('refuse a subject, client, token or API key at once, on every instance')
    .option('--reason <text>', 'why; it goes to the log, and never to the client')
    .option('--for <duration>', 'how long, such as 90m, 24h or 30d (default: without end)')
    .option('--until <time>', 'until when, in UTC, such as 2026-12-31T18:00:00Z')
    .action(async (options) => {
      const { deny } = await import('./denial/denial-commands.ts');
      end(await deny(options, surroundings));
    });

  withList(withParty(program.command('allow')))
    .description('take a subject, client, token or API key off the list')
    .action(async (options) => {
      const { allow } = await import('./denial/denial-commands.ts');
      end(await allow(options, surroundings));
    });

  withList(program.command('denied'))
    .description('list those who are denied, and why')
    .option('--create', 'create an empty list, if there is none')
    .action(async (options) => {
      const { denied } = await import('./denial/denial-commands.ts');
      end(await denied(options, surroundings));
    });

  program
    .command('keygen <kind>')
    .description('make a key and print it once: hmac, session, api-key, es256 or assertion')
    .option('--json', 'write JSON')
    .action(async (kind, options) => {
      const { keygen } = await import('./keygen.ts');
      end(keygen(kind, options, surroundings));
    });

  addKeys(program.command('keys'), { end, surroundings });
  addAudit(program.command('audit <url>'), { end, surroundings });

  program
    .command('install <client> <url>')
    .description('connect a client: claude-code, codex, vscode, cursor, gemini-cli or inspector')
    .option('--write', 'write the file; without it, the change is shown')
    .option('--name <name>', 'what the client calls the server')
    .option('--file <file>', "the file to change, in place of the client's own")
    .option('--json', 'write JSON')
    .action(async (client, url, options) => {
      const { install } = await import('./install/install.ts');
      end(install(client, url, options, surroundings));
    });

  return program;
}

function addServe(command: Command): Command {
  return command
    .usage('[options] (--upstream <url> | <file> | -- <command> [args...])')
    .option('--upstream <url>', 'a server that speaks HTTP, such as http://127.0.0.1:9000/mcp')
    .option('--host <address>', 'the address to listen on')
    .option('--port <number>', 'the port to listen on (default: 8000)')
    .option('--curl', 'also answer GET /mcp/tools/list and POST /tools/call')
    .option('--pass <names...>', 'variables that the command gets besides PATH, HOME and the like')
    .option('--shared', 'one process for all callers, who then share its state')
    .option('--env-file <file>', 'a .env file for development (default: .env)');
}

function withParty(command: Command): Command {
  return command
    .option('--subject <id>', 'the sub of its tokens')
    .option('--client <id>', 'the client id of its tokens')
    .option('--token <id>', 'the jti of a token')
    .option('--key <id>', 'the id of an API key')
    .option('--issuer <iss>', 'the issuer, exactly as tokens have it (default: the only one)');
}

function withList(command: Command): Command {
  return withSettings(command)
    .option('--file <file>', 'the list, in place of FASTMCP_SERVER_AUTH_DENIAL_LIST')
    .option('--json', 'write JSON');
}

function withSettings(command: Command): Command {
  return command
    .option('--env-file <file>', 'read the settings from a .env file, in place of the environment')
    .option('--service <file>', 'read them from the YAML of a Cloud Run or Kubernetes service');
}
