/** What must work. Refusals prove nothing on a server that refuses everything. */
import { isAccepted } from '../../judge/judges.ts';
import { table } from '../../row.ts';

const right = 'serves the request';
const clause = 'RFC 6750 §2.1';

/** Good requests. */
export const control: ReturnType<typeof table> = table(
  'control',
  [],
  [
    {
      title: 'a good message with everything that the server asks for',
      ...{ requirement: 'ANS-07', clause: 'MCP 2025-06-18 transports', right, severity: 'medium' },
      needs: ['access'],
      request: (kit) => kit.call(),
      judge: isAccepted,
    },
    {
      title: 'a token from the test issuer',
      ...{ requirement: 'CLM-12', clause, right, severity: 'low' },
      needs: ['mint'],
      request: async (kit) => kit.call({ authorization: `Bearer ${await kit.mint?.()}` }),
      judge: isAccepted,
    },
    {
      title: 'the scheme in small letters',
      ...{ requirement: 'HDR-02', clause: 'RFC 9110 §11.1', right, severity: 'low' },
      needs: ['token'],
      request: (kit) => kit.call({ authorization: `bearer ${kit.token}` }),
      judge: isAccepted,
    },
    {
      title: 'the scheme in capitals',
      ...{ requirement: 'HDR-02', clause: 'RFC 9110 §11.1', right, severity: 'low' },
      needs: ['token'],
      request: (kit) => kit.call({ authorization: `BEARER ${kit.token}` }),
      judge: isAccepted,
    },
    {
      title: 'two spaces between the scheme and the token',
      ...{ requirement: 'HDR-03', clause, right, severity: 'low' },
      needs: ['token'],
      request: (kit) => kit.call({ authorization: `Bearer  ${kit.token}` }),
      judge: isAccepted,
    },
  ],
);
