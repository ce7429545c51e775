/** Broken servers that find credentials where none may be, or take the wrong ones. */
import { type Defect, has, passes } from '../defect.ts';

export const credentialsDefects: readonly Defect[] = [
  passes('takes the token from the query', ['credentials-01'], ({ request }) =>
    request.url?.includes('access_token='),
  ),
  passes('takes the token from a cookie', ['credentials-08'], has('cookie')),
  passes(
    'takes the token from X-Forwarded-Access-Token',
    ['credentials-13'],
    has('x-forwarded-access-token'),
  ),
  passes('takes the token from X-API-Key', ['credentials-18'], has('x-api-key')),
  passes('takes the token from the address', ['credentials-07'], ({ request }) =>
    request.url?.includes('@'),
  ),
  passes(
    'reads the first of two tokens',
    ['duplicate-fields-01'],
    ({ values }) => values('authorization').length > 1,
  ),
  passes('splits the field at the comma', ['duplicate-fields-06'], ({ values }) =>
    values('authorization')[0]?.includes(', Bearer'),
  ),
  passes('splits the field at any space', ['duplicate-fields-07'], ({ values }) =>
    values('authorization')[0]?.includes('\t'),
  ),
  passes('ignores the second word', ['token-form-16'], ({ values }) =>
    values('authorization')[0]?.endsWith(' audit'),
  ),
  passes('takes Basic for a sign-in', ['challenge-13'], ({ values }) =>
    values('authorization')[0]?.startsWith('Basic'),
  ),
  {
    name: 'knows Bearer in one spelling',
    found: ['control-03', 'control-04'],
    break: ({ values, set }) => {
      if (!values('authorization')[0]?.startsWith('Bearer ')) set('authorization', undefined);
    },
  },
];
