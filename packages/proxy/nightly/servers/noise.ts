/** Makes one kind of noise at a server until it is ended: `noise.ts <url> <kind>`. It writes one line when it begins. */
import { openSession } from './quiet-client.ts';

const [, , url = '', kind = ''] = process.argv;
const megabyte = 1_048_576;
const line = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'x',
  params: { text: 'x'.repeat(12 * megabyte) },
});
const send = (headers: Readonly<Record<string, string>>) =>
  fetch(url, {
    method: 'POST',
    body: line,
    headers: { 'Content-Type': 'application/json', ...headers },
  })
    .then((answer) => answer.text())
    .catch(() => 'the connection was closed');
const callTool = async () => (await openSession(url, 'dev-token-of-a-loud-caller')).call;

const kinds: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  'a stranger with lines of 12 MB': async () => () => send({}),
  'a caller with lines of 12 MB': async () => () =>
    send({ Authorization: 'Bearer dev-token-of-a-loud-caller' }),
  'a child with lines of 12 MB': async () => {
    const call = await callTool();
    return () => call('longJunk', { bytes: 12 * megabyte });
  },
  'a child with junk lines': async () => {
    const call = await callTool();
    return () => call('junk', { lines: 20_000 });
  },
  'a child with endless output': async () => {
    const call = await callTool();
    await call('flood', {});
    return () => new Promise((resolve) => setTimeout(resolve, 1_000));
  },
};

const make = await kinds[kind]?.();
if (make === undefined) throw new Error(`no noise is called ${kind}`);
process.stdout.write('begun\n');
for (;;) await Promise.all([make(), make()]);
