import { writeStartUpReport } from '@sallyport/config';
import { ConfigError } from '@sallyport/core';
import { type ServerSources, startServer } from './server.ts';
import { writeWelcome } from './welcome.ts';

// sysexits.h: the configuration is wrong, so starting again will not help.
const exitConfig = 78;

/** Runs the server until SIGTERM or SIGINT. Says in words why it does not start. */
export async function run(sources: ServerSources): Promise<void> {
  const write = (text: string) => process.stdout.write(text);
  try {
    const server = await startServer(sources);
    write(writeStartUpReport(server.config));
    if (!server.config.environment.isProduction) write(await writeWelcome(server));
    const stop = () => void server.stop().then(() => process.exit(0));
    process.once('SIGTERM', stop).once('SIGINT', stop);
  } catch (error) {
    const problems = error instanceof AggregateError ? error.errors : [error];
    process.stderr.write(`The server did not start.\n${problems.map(sayProblem).join('')}`);
    process.exitCode = problems.every((problem) => problem instanceof ConfigError) ? exitConfig : 1;
  }
}

function sayProblem(problem: unknown): string {
  const { code, port } = problem as { code?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `  PORT: ${port} is in use by another program. Set PORT to a free one, such as ${(port ?? 0) + 1}\n`;
  }
  if (code === 'EACCES')
    return `  PORT: ${port} may not be opened by this user. Use one above 1023\n`;
  return `  ${problem instanceof Error ? problem.message : 'unknown problem'}\n`;
}
