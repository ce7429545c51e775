/** All streams that are open behind one gate, so that a server that stops can end them. */
import { createStreamLease, type StreamLease, type StreamLeaseOptions } from './stream-lease.ts';

/** The streams of one gate. */
export interface OpenStreams {
  /** A lease that is over with {@link end}, too. */
  keep(options: StreamLeaseOptions): StreamLease;
  /** Ends those that are watched at this moment. */
  end(): void;
}

export function createOpenStreams(): OpenStreams {
  const open = new Set<() => void>();

  return {
    keep(options) {
      const lease = createStreamLease(options);
      return {
        watch(end) {
          const finish = () => {
            stop();
            end();
          };
          const stopLooking = lease.watch(finish);
          const stop = () => {
            open.delete(finish);
            stopLooking();
          };
          open.add(finish);
          return stop;
        },
      };
    },

    end() {
      for (const finish of [...open]) finish();
    },
  };
}
