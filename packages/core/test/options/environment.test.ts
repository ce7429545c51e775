import { describe, expect, it } from 'vitest';
import { detectEnvironment } from '../../src/index.ts';

describe('detectEnvironment', () => {
  it.each([{}, { ENVIRONMENT: '' }, { ENVIRONMENT: '  ' }, { ENVIRONMENT: undefined }])(
    'is production unless development is said: %j (CFG-01, CFG-08)',
    (variables) => {
      expect(detectEnvironment(variables)).toMatchObject({
        name: 'production',
        isProduction: true,
      });
    },
  );

  it.each([
    ['production', true],
    ['Production', true],
    ['PRODUCTION ', true],
    ['development', false],
    [' Development\n', false],
    ['test', false],
  ])('reads %j (CFG-02)', (ENVIRONMENT, isProduction) => {
    const environment = detectEnvironment({ ENVIRONMENT });

    expect(environment).toEqual({
      name: ENVIRONMENT.trim().toLowerCase(),
      productionSigns: [],
      isProduction,
    });
    expect(Object.isFrozen(environment)).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'variables'],
    ['null', null, 'variables'],
    ['a string', 'production', 'variables'],
    ['a list', [], 'variables'],
    ['a value that is no string', { ENVIRONMENT: 1 }, 'ENVIRONMENT'],
    ['a sign that is no string', { K_SERVICE: {} }, 'K_SERVICE'],
    [
      'variables that cannot be read',
      {
        get ENVIRONMENT() {
          throw new Error('no');
        },
      },
      'variables',
    ],
  ])('OPS-12: refuses %s', (_name, variables, option) => {
    expect(() => detectEnvironment(variables as never)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });

  it.each(['prod', 'prodution', 'dev', 'staging', 'production;', '__proto__'])(
    'refuses %j (CFG-02)',
    (ENVIRONMENT) => {
      expect(() => detectEnvironment({ ENVIRONMENT })).toThrow(
        expect.objectContaining({ name: 'ConfigError', option: 'ENVIRONMENT' }),
      );
    },
  );

  it.each([
    'K_SERVICE',
    'K_REVISION',
    'CLOUD_RUN_JOB',
    'KUBERNETES_SERVICE_HOST',
    'AWS_LAMBDA_FUNCTION_NAME',
    'WEBSITE_INSTANCE_ID',
  ])('believes %s more than ENVIRONMENT (CFG-03)', (variable) => {
    expect(detectEnvironment({ ENVIRONMENT: 'development', [variable]: 'x' })).toEqual({
      name: 'development',
      productionSigns: [variable],
      isProduction: true,
    });
    expect(detectEnvironment({ ENVIRONMENT: 'development', [variable]: '' }).isProduction).toBe(
      false,
    );
  });

  it.each([
    ['production', true],
    [' Production', true],
    ['development', false],
    ['test', false],
  ])('believes NODE_ENV=%s: production is %s (CFG-03)', (NODE_ENV, isProduction) => {
    expect(detectEnvironment({ ENVIRONMENT: 'development', NODE_ENV }).isProduction).toBe(
      isProduction,
    );
  });
});
