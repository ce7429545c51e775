/** Methods that are not on the list of the protocol. */
import { fail, isHandled, isRefused, pass } from '../../judge/judges.ts';
import { type Judge, type RowEntry, table } from '../../row.ts';
import { isServed } from '../../target/served.ts';

const clause = 'RFC 9110 §9.1';
const right = 'refuses the method';

/** Who answers such a method must not have run the message. */
const runsNothing: Judge = (answer, kit) => {
  const handled = isHandled(answer, kit);
  if (handled.outcome !== 'pass') return handled;
  return isServed(answer) && answer.body.includes('"result"')
    ? fail(`${answer.status}: the message was served`)
    : pass(`${answer.status}`);
};

const methods = ['post', 'Post', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'LOCK', 'AUDIT', '__proto__'];
const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

/** Methods. */
export const methodTricks: ReturnType<typeof table> = table(
  'methods',
  ['access'],
  [
    ...methods.map(
      (method): RowEntry => ({
        title: `the method ${method}, with a message`,
        ...{ requirement: 'CASE-01', clause, right, severity: 'medium' },
        request: (kit) => kit.call({ method, body: JSON.stringify(kit.message) }),
        judge: runsNothing,
      }),
    ),
    ...['GET', 'DELETE', 'HEAD', 'OPTIONS'].map(
      (method): RowEntry => ({
        title: `the method ${method}, with a message as its body`,
        ...{ requirement: 'CASE-01', clause: 'RFC 9110 §9.3.1', severity: 'medium' },
        right: 'does not serve the message',
        request: (kit) => kit.call({ method, body: JSON.stringify(kit.message) }),
        judge: (answer, kit) =>
          // A stream of events waits for its first event.
          answer.end === 'timeout' && answer.statuses.length > 0
            ? pass(`${answer.statuses[0]}`)
            : runsNothing(answer, kit),
      }),
    ),
    ...['post', 'Post', 'AUDIT'].map(
      (method): RowEntry => ({
        title: `the method ${method} without a token`,
        ...{ requirement: 'CASE-01', clause, right, severity: 'critical', needs: [] },
        request: (kit) =>
          kit.isOpen
            ? undefined
            : kit.call({ authorization: null, method, body: JSON.stringify(kit.message) }),
        judge: isRefused,
      }),
    ),
    ...overrides.map(
      (field): RowEntry => ({
        title: `GET with ${field}: POST, without a token`,
        ...{ requirement: 'CASE-01', clause, right, severity: 'critical', needs: [] },
        request: (kit) =>
          kit.isOpen
            ? undefined
            : kit.call({
                ...{ authorization: null, method: 'GET', fields: [[field, 'POST']] },
                body: JSON.stringify(kit.message),
              }),
        judge: isRefused,
      }),
    ),
    {
      title: 'TRACE with a field that looks like a secret',
      ...{ requirement: 'HDR-15', clause: 'RFC 9110 §9.3.8', severity: 'medium' },
      right: 'does not repeat the request',
      request: (kit) => kit.call({ method: 'TRACE', fields: [['X-Audit', 'audit-trace-marker']] }),
      judge: (answer, kit) =>
        answer.body.includes('audit-trace-marker')
          ? fail(`${answer.status}: the request is repeated`)
          : isHandled(answer, kit),
    },
    {
      title: 'CONNECT to another host',
      ...{ requirement: 'HDR-15', clause: 'RFC 9110 §9.3.6', severity: 'high', needs: [] },
      right: 'opens no tunnel',
      request: (kit) => ({
        ...kit.call({ authorization: null, method: 'CONNECT', target: 'audit.example:443' }),
      }),
      judge: (answer) =>
        answer.status >= 200 && answer.status < 300
          ? fail(`${answer.status}: a tunnel is open`)
          : pass(`${answer.status || answer.end}`),
    },
    {
      title: 'Upgrade: h2c',
      ...{ requirement: 'MCP-19', clause: 'RFC 9113 §3.1', severity: 'high', needs: [] },
      right: 'does not switch protocols for a stranger',
      request: (kit) =>
        kit.call({
          authorization: null,
          fields: [
            ['Connection', 'Upgrade, HTTP2-Settings'],
            ['Upgrade', 'h2c'],
            ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
          ],
        }),
      judge: (answer) =>
        answer.statuses.includes(101)
          ? fail('101: the protocol was switched')
          : pass(`${answer.status || answer.end}`),
    },
  ],
);
