/** `sallyport dev` and `sallyport run`: the gate with a server behind it. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { saysHowToSignIn } from '@sallyport/config';
import { detectEnvironment, type Environment } from '@sallyport/core';
import { runProgram } from '@sallyport/lifecycle';
import { listenForStopSignals } from '@sallyport/lifecycle/stop-signals';
import { exitCode } from '../exit-code.ts';
import { readText } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { UsageError } from '../usage-error.ts';
import { createDevLog } from './dev-log.ts';
import { createRunLog } from './run-log.ts';
import { readTarget, type ServeOptions } from './serve-options.ts';
import { type GateServer, startServer } from './start-server.ts';

/** What stands on the command line besides options. */
export interface ServeArguments {
  /** Before `--`: a module. */
  readonly file: string | undefined;
  /** What follows `--`: a command. */
  readonly words: readonly string[];
}

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Serves on this machine, with a local authorization server where nothing is set. It ends the process. */
export async function dev(
  { file, words }: ServeArguments,
  options: ServeOptions,
  surroundings: Surroundings,
): Promise<number> {
  const target = readTarget(options, file, words, surroundings.folder);
  if (options.host !== undefined && !loopback.test(options.host)) {
    throw new UsageError(
      '"dev" listens on this machine alone. Use "run" for a server that others reach.',
    );
  }
  const variables = {
    ...surroundings.variables,
    ENVIRONMENT: surroundings.variables['ENVIRONMENT'] || 'development',
  };
  const environment = readEnvironment(variables);
  if (environment === undefined || environment.isProduction) {
    const why = environment?.productionSigns.join(', ') || `ENVIRONMENT=${variables.ENVIRONMENT}`;
    throw new UsageError(
      `"dev" is for your own machine, and ${why} says that this is production. Use "run".`,
    );
  }
  const log = createDevLog({ target, options }, surroundings);
  const { openLiveView } = await import('./live-view.ts');
  return runProgram<GateServer>({
    signals: surroundings.stopSignals ?? listenForStopSignals(),
    log: {
      ...log,
      async listening(server) {
        await log.listening(server);
        if (options.inspector) openInspector(server.resource);
      },
    },
    start: (signal) =>
      startServer({
        target,
        options,
        surroundings,
        variables,
        envFile: readEnvPath(options, surroundings),
        isDevelopment: true,
        audit: { emit: log.decided },
        onEvent: log.happened,
        onForwarded: log.forwarded,
        openLiveView,
        onLiveView: log.liveViewUsed,
        signal,
      }),
  });
}

/** Serves as the settings say. It refuses to start without them, and ends the process. */
export async function run(
  { file, words }: ServeArguments,
  options: ServeOptions,
  surroundings: Surroundings,
): Promise<number> {
  const target = readTarget(options, file, words, surroundings.folder);
  const { variables } = surroundings;
  const isEnvFileNamed = options.envFile !== undefined;
  if (!saysHowToSignIn(variables) && !isEnvFileNamed) {
    surroundings.errors.write(
      'FASTMCP_SERVER_AUTH_TYPE is not set, so nobody could sign in. Set it to jwt or introspection: "sallyport check" says what else is missing. On your own machine, use "sallyport dev".\n',
    );
    return exitCode.wrongSettings;
  }
  const log = createRunLog(surroundings, options.documentation);
  return runProgram<GateServer>({
    signals: surroundings.stopSignals ?? listenForStopSignals(),
    log,
    start: (signal) =>
      startServer({
        target,
        options,
        surroundings,
        variables,
        envFile: readEnvPath(options, surroundings),
        isDevelopment: false,
        audit: log.sink,
        onEvent: log.sink.log,
        signal,
      }),
  });
}

function readEnvPath({ envFile }: ServeOptions, { folder }: Surroundings): string {
  if (envFile === undefined) return join(folder, '.env');
  readText(folder, envFile);
  return resolve(folder, envFile);
}

/** `undefined` for a misspelt one, which counts as production. */
function readEnvironment(variables: Surroundings['variables']): Environment | undefined {
  try {
    return detectEnvironment(variables);
  } catch {
    return undefined;
  }
}

function openInspector(resource: string): void {
  const words = [
    '--yes',
    '@modelcontextprotocol/inspector',
    '--web',
    '--transport',
    'http',
    '--server-url',
    resource,
  ];
  const child = spawn('npx', words, { stdio: 'inherit' });
  child.on('error', () => {});
  process.once('exit', () => child.kill());
}
