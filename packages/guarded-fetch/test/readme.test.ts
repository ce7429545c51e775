import { expect, it } from 'vitest';
import { json, serve } from './hostile-server.ts';

it('runs the example of the README', async () => {
  process.env['ENVIRONMENT'] = 'development';
  process.env['JWKS_URL'] = await serve((_request, response) => {
    response.writeHead(200, json).end('{"keys":[]}');
  });
  const { answer } = await import('./readme.ts');

  expect(answer).toMatchObject({ status: 200, json: { keys: [] } });
});
