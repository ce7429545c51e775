/** Broken servers that are careless with paths, methods and hosts. */
import { cleans, type Defect, has, passes } from '../defect.ts';

export const requestsDefects: readonly Defect[] = [
  cleans('removes double slashes behind the check', ['paths-01'], (path) =>
    path.replace('//', '/'),
  ),
  cleans('decodes the path behind the check', ['paths-06'], (path) => path.replace('%70', 'p')),
  cleans('ignores case behind the check', ['paths-03'], (path) => path.replace('MCP', 'mcp')),
  cleans('removes path parameters behind the check', ['paths-05'], (path) =>
    path.replace(/;.*/, ''),
  ),
  passes('trusts X-Forwarded-Uri', ['paths-18'], has('x-forwarded-uri')),
  passes('trusts the User-Agent of a health check', ['paths-22'], ({ values }) =>
    values('user-agent')[0]?.includes('kube-probe'),
  ),
  passes(
    'trusts the address that the client names',
    ['paths-23', 'paths-24'],
    (attacked) => has('x-forwarded-for')(attacked) || has('x-real-ip')(attacked),
  ),
  passes('trusts the user that the client names', ['paths-25'], has('x-forwarded-user')),
  {
    name: 'serves X-Original-URL',
    found: ['paths-30'],
    break: async ({ request, values, accept }) => {
      const [url] = values('x-original-url');
      if (url === '/mcp') {
        request.url = url;
        await accept();
      }
    },
  },
  {
    name: 'takes PUT for POST',
    found: ['methods-03'],
    break: ({ request }) => {
      if (request.method === 'PUT') request.method = 'POST';
    },
  },
  {
    name: 'overrides the method behind the check',
    found: ['methods-17'],
    break: async ({ request, values, accept }) => {
      if (values('x-http-method-override').length > 0) {
        request.method = 'POST';
        await accept();
      }
    },
  },
  {
    name: 'repeats requests',
    found: ['methods-20'],
    break: ({ request, response, values }) =>
      request.method === 'TRACE' && response.writeHead(200).end(values('x-audit').join()),
  },
  {
    name: 'does not check Origin',
    found: ['rebinding-01', 'rebinding-02', 'rebinding-03'],
    break: ({ set }) => set('origin', undefined),
  },
  {
    name: 'does not check Host',
    found: ['rebinding-09', 'rebinding-11', 'rebinding-13'],
    break: ({ set, server }) => set('host', new URL(server.url).host),
  },
  {
    name: 'does not check the content type',
    found: ['content-type-01', 'content-type-02', 'content-type-08'],
    isPublic: true,
    break: async ({ set, request, accept }) => {
      if (request.method !== 'POST') return;
      set('content-type', 'application/json');
      await accept();
    },
  },
];
