/** Broken servers whose answers say too little, too much or the wrong thing. */
import { answers, type Defect, edit } from '../defect.ts';

export const answersDefects: readonly Defect[] = [
  answers('has no challenge', ['challenge-02'], ({ fields }) => {
    delete fields['www-authenticate'];
    return undefined;
  }),
  answers('has an error code without a token', ['challenge-04'], (head) =>
    edit(head, 'www-authenticate', (text) => `${text}, error="invalid_token"`),
  ),
  answers('does not name the metadata', ['challenge-05', 'challenge-10'], (head) =>
    edit(head, 'www-authenticate', (text) => text.replace(/resource_metadata="[^"]*",? ?/, '')),
  ),
  answers('lets caches keep refusals', ['challenge-07'], (head) =>
    edit(head, 'cache-control', () => 'public'),
  ),
  answers('repeats the token', ['challenge-11'], ({ status }, body, { values }) =>
    status === 401 ? `${body}${values('authorization')[0]?.slice(7)}` : undefined,
  ),
  answers('puts the token into the challenge', ['challenge-12'], (head, _body, { values }) =>
    head.status >= 400
      ? edit(
          head,
          'www-authenticate',
          (text) => `${text}, error_description="${values('authorization')[0]}`,
        )
      : undefined,
  ),
  answers(
    'shows where it failed',
    ['challenge-08'],
    () => 'Error: no token\n    at check (/app/node_modules/auth/index.js:12:3)',
  ),
  answers('answers 200 in place of 401', ['challenge-01', 'token-form-25'], (head) => {
    if (head.status !== 401) return undefined;
    head.status = 200;
    return '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Unauthorized"}}';
  }),
  answers('answers 403 in place of 401', ['challenge-01', 'token-form-25'], (head) => {
    if (head.status === 401) head.status = 403;
    return undefined;
  }),
  answers('answers 500 to bad tokens', ['challenge-09', 'token-form-01'], (head) => {
    if (head.status === 401) head.status = 500;
    return undefined;
  }),
  {
    name: 'names the host of the client',
    found: ['challenge-24', 'metadata-16'],
    break: ({ values, set, onAnswer, server }) => {
      const [host = ''] = values('host');
      set('host', new URL(server.url).host);
      onAnswer((head) => edit(head, 'x-host', () => host));
    },
  },
  answers('names the forwarded host', ['challenge-25', 'metadata-17'], (head, _body, { values }) =>
    edit(head, 'x-host', () => values('x-forwarded-host')[0] ?? ''),
  ),
  answers('publishes another resource', ['metadata-02'], (_head, body) =>
    body.replace('/mcp"', '/mcp/"'),
  ),
  answers('publishes no issuer', ['metadata-03'], (_head, body) =>
    body.replace(/"authorization_servers":\[[^\]]*\]/, '"authorization_servers":[]'),
  ),
  answers('publishes metadata as text', ['metadata-05', 'metadata-06'], (head) => {
    delete head.fields['access-control-allow-origin'];
    return edit(head, 'content-type', () => 'text/plain');
  }),
  answers('offers the query', ['metadata-08'], (_head, body) =>
    body.replace('"header"', '"query"'),
  ),
  answers('publishes a secret', ['metadata-10'], (_head, body) =>
    body.replace('{', '{"client_secret":"x",'),
  ),
  {
    name: 'has no metadata',
    found: ['metadata-01'],
    break: ({ request, response }) =>
      request.url?.startsWith('/.well-known/') && response.writeHead(404).end(),
  },
  {
    name: 'asks for a token everywhere',
    found: ['metadata-14'],
    break: ({ request, response }) =>
      request.url?.includes('audit-unknown') && response.writeHead(401).end(),
  },
  answers(
    'allows every page with credentials',
    ['cors-01', 'cors-05'],
    (head, _body, { values }) => {
      head.fields['access-control-allow-credentials'] = 'true';
      return edit(head, 'access-control-allow-origin', () => values('origin')[0] ?? '*');
    },
  ),
  answers('opens the private network', ['cors-04'], (head) =>
    edit(head, 'access-control-allow-private-network', () => 'true'),
  ),
];
