/** HTTP calls that never reject, and what their answers mean. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { ofBalancer, ofInstance } from './balancer.ts';
import type { Outcome } from './model.ts';

interface Answer {
  readonly status: string;
  readonly text: string;
  readonly instance?: number;
}

/** What became of a call. */
export type Got = Pick<Outcome, 'result' | 'instance'>;

interface Calls {
  post(
    port: number,
    path: string,
    body: object,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  close(): void;
}

// Nothing answers so late: the model says what is too late.
const longestMs = 60_000;

/** Makes calls over connections that stay. */
export function createCalls(maxSockets: number): Calls {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const post = (
    port: number,
    path: string,
    body: object,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer> =>
    new Promise((resolve) => {
      const headers = { 'Content-Type': 'application/json', ...fields };
      const sent = request(
        { host: '127.0.0.1', port, path, method: 'POST', headers, agent },
        (response) => {
          let text = '';
          const about = describe(response.headers);
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () =>
            resolve({ ...about, status: `${response.statusCode}${about.whose}`, text }),
          );
          response.on('error', () => resolve({ ...about, status: 'cut', text }));
        },
      );
      sent.setTimeout(longestMs, () => sent.destroy(new Error('hang')));
      sent.on('error', ({ message }) =>
        resolve({ status: message === 'hang' ? 'hang' : 'cut', text: '' }),
      );
      sent.end(JSON.stringify(body));
    });

  return { post, close: () => agent.destroy() };
}

function describe(headers: IncomingHttpHeaders): { whose: string; instance?: number } {
  const instance = headers[ofInstance];
  return {
    whose: headers[ofBalancer] === undefined ? '' : ' balancer',
    ...(instance !== undefined && { instance: Number(instance) }),
  };
}

/**
 * What an answer means.
 *
 * @param judge Says what the value of a tool means. Default: no tool should have run.
 */
export function read(
  { status, text, instance }: Answer,
  judge: (value: Readonly<Record<string, unknown>>) => string = () => status,
): Got {
  const who = instance === undefined ? {} : { instance };
  if (status !== '200') return { result: status, ...who };
  const { value, fault } = readResult(text);
  return { result: fault ?? judge(value), ...who };
}

const meanings: readonly (readonly [sentence: string, fault: string])[] = [
  ['The notes cannot be reached now', 'notes away'],
  ['You have no such note', 'not found'],
];

/** What a tool answered. */
export function readResult(text: string): {
  value: Readonly<Record<string, unknown>>;
  fault?: string;
} {
  const { isError = false, content } = JSON.parse(text) as {
    isError?: boolean;
    content: readonly { readonly text: string }[];
  };
  const said = content[0]?.text ?? '';
  if (!isError) return { value: said.startsWith('{') ? JSON.parse(said) : {} };
  const meaning = meanings.find(([sentence]) => said.includes(sentence));
  return { value: {}, fault: meaning?.[1] ?? said.slice(0, 80) };
}
