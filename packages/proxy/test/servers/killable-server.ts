/** The main module of an upstream that tests kill. It answers every second call as a stream. */
import { createServer } from 'node:http';

let calls = 0;
createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  calls += 1;
  const answer = JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: {} });
  if (calls % 2 === 0) {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    setTimeout(() => response.end(answer), 5);
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(': begun\n\n');
  setTimeout(() => response.end(`event: message\ndata: ${answer}\n\n`), 5);
}).listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'));
