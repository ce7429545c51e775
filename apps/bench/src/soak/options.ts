import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type SoakRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | { readonly kind: 'run'; readonly options: SoakOptions };

export interface SoakOptions {
  readonly seconds: number;
  /** Requests per second, floods included. */
  readonly rate: number;
  readonly json: boolean;
}

export const soakHelp = `Runs two processes of the reference server with one Redis, and a gated proxy, under valid
traffic and floods, and checks answers, memory, latency and event loops.

  pnpm soak                  10 minutes
  pnpm soak --seconds 120    a shorter run: 30 to 86400 seconds
  pnpm soak --rate 300       requests per second, 10 to 5000; 90 % of them are valid. Default 200
  pnpm soak --json           the result as JSON in place of tables
  pnpm soak --help           this text

Exit code 0: everything is within its limits. 1: something is not, and the last table says what.
2: the command line is wrong, or a part did not start. It needs redis-server on the PATH.`;

export function parseSoakOptions(args: readonly string[]): SoakRequest {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '600' },
        rate: { type: 'string', default: '200' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const seconds = Number(values.seconds);
    const rate = Number(values.rate);
    if (!(seconds >= 30 && seconds <= 86_400)) return mistake('--seconds takes 30 to 86400');
    if (!(rate >= 10 && rate <= 5_000)) return mistake('--rate takes 10 to 5000');
    return { kind: 'run', options: { seconds, rate, json: values.json } };
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
}

const mistake = (message: string): SoakRequest => ({ kind: 'mistake', message });
