/** Broken servers that are careless with scopes. */
import { type Defect, takes } from '../defect.ts';

export const scopesDefects: readonly Defect[] = [
  {
    name: 'lets a read token write',
    found: ['scopes-01', 'scopes-11'],
    break: ({ token, accept }) => token() && accept(),
  },
  takes('compares the beginning of scopes', ['scopes-05'], ({ claims }) =>
    `${claims['scope']}`.split(' ').some((scope) => scope.startsWith('notes:write')),
  ),
  takes('looks for scopes in the text', ['scopes-05', 'scopes-06', 'scopes-08'], ({ claims }) =>
    `${claims['scope']}`.includes('notes:write'),
  ),
  takes('ignores the case of scopes', ['scopes-04'], ({ claims }) =>
    /notes:write(?: |$)/i.test(`${claims['scope']}`),
  ),
  takes('splits scopes at any space', ['scopes-07'], ({ claims }) =>
    `${claims['scope']}`.split(/\s/).includes('notes:write'),
  ),
  takes('knows a star', ['scopes-09'], ({ claims }) => `${claims['scope']}`.includes('*')),
  takes('reads roles as scopes', ['scopes-10'], ({ claims }) => 'roles' in claims),
  {
    name: 'trusts Mcp-Method',
    found: ['scopes-12'],
    break: async ({ token, values, set, accept }) => {
      const claims = token()?.claims;
      if (claims === undefined || values('mcp-method')[0] !== 'ping') return;
      set('mcp-method', undefined);
      await accept({ sub: claims['sub'], client_id: claims['client_id'] });
    },
  },
];
