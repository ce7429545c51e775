import { expect, it } from 'vitest';
import { readServiceFile } from '../src/settings/service-file.ts';

/** A workload with these containers. JSON is YAML. */
const read = (containers: readonly unknown[], apiVersion: unknown = 'apps/v1') =>
  readServiceFile(
    JSON.stringify({ apiVersion, spec: { template: { spec: { containers } } } }),
    'service.yaml',
  );

it('says where each hidden value is, as far as the file says it', () => {
  const { variables, hidden } = read([
    {
      env: [
        { name: 'PLAIN', value: 8_000 },
        { name: 'EMPTY' },
        { name: 'OF_A_VERSION', valueFrom: { secretKeyRef: { name: 'notes', key: 7 } } },
        { name: 'OF_A_SECRET', valueFrom: { secretKeyRef: { name: 'notes' } } },
        { name: 'OF_THE_PLATFORM', valueFrom: { fieldRef: {} } },
        { value: 'without a name' },
        'no entry',
      ],
    },
  ]);

  expect(variables).toEqual({ KUBERNETES_SERVICE_HOST: '10.0.0.1', PLAIN: '8000', EMPTY: '' });
  expect(Object.fromEntries(hidden)).toEqual({
    OF_A_VERSION: 'secret notes, version 7',
    OF_A_SECRET: 'secret notes',
    OF_THE_PLATFORM: 'a value that only the platform knows',
  });
});

it.each([
  ['the one with the gate', [{ env: [] }, { env: [{ name: 'FASTMCP_SERVER_AUTH_TYPE' }] }], 'TYPE'],
  ['the first where none has it', [{ env: [{ name: 'A' }] }, { env: [{ name: 'B' }] }], 'A'],
  ['the first without variables', [{ name: 'notes' }, { env: 'none' }], ''],
])('reads one container: %s', (_name, containers, variable) => {
  const { variables } = read(containers, 1);
  const names = Object.keys(variables).filter((name) => name !== 'KUBERNETES_SERVICE_HOST');

  expect(names.map((name) => name.replace('FASTMCP_SERVER_AUTH_', '')).join()).toBe(variable);
});

it.each([
  ['{ a: [', /service\.yaml is not valid YAML: see line \d+/],
  ['null', /has no spec\.template\.spec\.containers/],
  ['{ spec: { template: { spec: { containers: [] } } } }', /has no spec/],
])('refuses %s', (text, problem) => {
  expect(() => readServiceFile(text, 'service.yaml')).toThrow(problem);
});
