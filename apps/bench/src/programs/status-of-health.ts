import { request } from 'node:http';

/** The status that `/health` of a server on this machine answers with. `undefined`: no answer. */
export function statusOfHealth(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path: '/health', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', () => resolve(undefined))
      .end();
  });
}
