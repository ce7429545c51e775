import { expect, it } from 'vitest';
import { type FaultReason, reasonOf } from '../../src/http/fault.ts';

it.each<[string, unknown, FaultReason]>([
  ['without a code', new Error('x'), 'other'],
  ['that is none', undefined, 'other'],
  ['with an unknown code', Object.assign(new Error('x'), { code: 'EMFILE' }), 'other'],
  ['whose code is a member of every object', { code: 'constructor' }, 'other'],
  ['of a certificate', { code: 'CERT_HAS_EXPIRED' }, 'tls'],
])('MCP-20: an error %s has a reason of the closed list', (_name, error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
