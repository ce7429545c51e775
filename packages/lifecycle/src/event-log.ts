/** A log for machines: the life of a program as events. */
import type { EventListener } from '@sallyport/core';
import type { ProgramLog, RunningServer } from './run-program.ts';

/** A server with the address that it listens at. */
export interface ListeningServer extends RunningServer {
  readonly config: { readonly host: string };
  /** Public URL of the endpoint. */
  readonly resource: string;
  readonly port: number;
}

/** Options for {@link createEventLog}. */
export interface EventLogOptions<Server extends ListeningServer> {
  /** Writes the text before the first event, such as a start-up report. */
  readonly begin: (server: Server) => void;
  /** Receives `listening`, `stopping` and `stopped`. */
  readonly onEvent: EventListener;
  /** Receives `start_failed`, once for each problem. */
  readonly onFailure: EventListener;
}

/** Creates a log that reports the life of a program as operational events. */
export function createEventLog<Server extends ListeningServer>({
  begin,
  onEvent,
  onFailure,
}: EventLogOptions<Server>): ProgramLog<Server> {
  return {
    listening(server) {
      begin(server);
      const { config, resource, port } = server;
      onEvent({ type: 'listening', resource, host: config.host, port });
    },
    stopping: (signal) => onEvent({ type: 'stopping', signal }),
    stopped: () => onEvent({ type: 'stopped' }),
    notStarted(problems) {
      for (const { variable, problem } of problems) {
        onFailure({ type: 'start_failed', ...(variable && { variable }), problem });
      }
    },
  };
}
