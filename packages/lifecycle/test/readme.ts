import { createServer } from 'node:http';
import { createLifecycle } from '@sallyport/lifecycle';

const server = createServer();
export const lifecycle = createLifecycle(server);
server.listen(0, '127.0.0.1');
lifecycle.serve((_request, response) => response.end('served'));

await lifecycle.stop();
