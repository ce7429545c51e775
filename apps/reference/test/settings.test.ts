import { describe, expect, it } from 'vitest';
import { readSettings } from '../src/settings.ts';

const P = 'FASTMCP_SERVER_AUTH_';
const production = {
  [`${P}TYPE`]: 'jwt',
  [`${P}JWT_ISSUER`]: 'https://auth.example.com',
  [`${P}JWT_AUDIENCE`]: 'https://notes.example.com/mcp',
  [`${P}JWT_JWKS_URI`]: 'https://auth.example.com/jwks',
};

function problemsOf(variables: Record<string, string>): string[] {
  try {
    readSettings(variables);
  } catch (error) {
    if (error instanceof AggregateError) return error.errors.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('readSettings', () => {
  it('has the defaults of the documentation', () => {
    expect(readSettings(production)).toMatchObject({
      environment: { name: 'production', isProduction: true },
      host: '0.0.0.0',
      port: 8_000,
      resource: 'https://notes.example.com/mcp',
      authentication: {
        algorithm: 'RS256',
        clockSkewSeconds: 60,
        jwksCacheTtlSeconds: 3_600,
      },
      requiredScopes: [],
      rateLimit: { maxAttempts: 10, windowSeconds: 60 },
      notesDatabase: ':memory:',
    });
  });

  it('says everything that is missing at once, when nothing is configured (CFG-01)', () => {
    const problems = problemsOf({}).join('\n');

    expect(problems).toContain(`${P}TYPE: is missing`);
    expect(problems).toContain(`${P}RESOURCE_URL: is missing`);
  });

  it('says everything that is missing at once, for jwt', () => {
    const problems = problemsOf({ [`${P}TYPE`]: 'jwt' }).join('\n');

    for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URI', 'RESOURCE_URL']) {
      expect(problems).toContain(`${P}${name}: `);
    }
  });

  it('brings its own authorization server in development, and listens to this machine only', () => {
    expect(readSettings({ ENVIRONMENT: 'development' })).toMatchObject({
      authentication: { type: 'local' },
      host: '127.0.0.1',
      resource: undefined,
    });
  });

  it.each([
    ['CFG-02', 'ENVIRONMENT', 'prodution'],
    ['CFG-08', `${P}JWT_ISSUER`, '  '],
    ['CLM-08', `${P}JWT_CLOCK_SKEW`, '121'],
    ['CLM-08', `${P}JWT_CLOCK_SKEW`, '60s'],
    ['CLM-08', `${P}JWT_CLOCK_SKEW`, '-1'],
    ['RL-15', `${P}RATE_LIMIT_MAX_ATTEMPTS`, '0'],
    ['RL-15', `${P}RATE_LIMIT_MAX_ATTEMPTS`, 'ten'],
    ['RL-15', `${P}RATE_LIMIT_WINDOW_SECONDS`, '1e9'],
    ['typo', `${P}RATE_LIMIT_ENABLED`, 'yes'],
    ['range', 'PORT', '65536'],
    ['CFG-04', 'DANGEROUSLY_OMIT_AUTH', 'true'],
    ['CFG-04', 'DANGEROUSLY_OMIT_AUTH', '1'],
    ['CFG-06', `${P}JWT_PUBLIC_KEY`, 'secret-key-material-0123456789abcdef'],
    ['backend', `${P}SECRET_BACKEND`, 'gcp_secret_manager'],
    ['type', `${P}TYPE`, 'oauth'],
    ['CFG-15, INT-23', 'NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['CFG-15, INT-23', 'NODE_TLS_REJECT_UNAUTHORIZED', 'no'],
  ])('refuses to start, and names the variable: %s %s=%s', (_row, name, value) => {
    const problems = problemsOf({ ...production, [name]: value });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name === `${P}JWT_PUBLIC_KEY` ? `${P}JWT_JWKS_URI` : name);
    expect(problems[0]).not.toContain('secret-key-material');
  });

  it('does not take "false" for true (CFG-04)', () => {
    expect(problemsOf({ ...production, DANGEROUSLY_OMIT_AUTH: 'false' })).toEqual([]);
  });

  it('names the nearest variable where one is misspelt (CFG-05)', () => {
    expect(problemsOf({ ...production, [`${P}JWT_REQUIRED_SCOPE`]: 'read:data' })).toEqual([
      `${P}JWT_REQUIRED_SCOPE: is no variable of this server. Did you mean ${P}JWT_REQUIRED_SCOPES?`,
    ]);
  });

  it.each(['read:data,write:data', 'read:data write:data', ' read:data , write:data '])(
    'reads the scope list "%s" (CFG-10)',
    (list) => {
      const { requiredScopes } = readSettings({ ...production, [`${P}JWT_REQUIRED_SCOPES`]: list });
      expect(requiredScopes).toEqual(['read:data', 'write:data']);
    },
  );

  it('knows the token of the quick start, and others when told', () => {
    const development = { ENVIRONMENT: 'development', [`${P}TYPE`]: 'static' };
    const own = '{"a-token-of-my-own":{"client_id":"me","scopes":["read:data"]}}';

    expect(readSettings(development).authentication).toMatchObject({
      tokens: { 'dev-token-12345': { clientId: 'developer@example.com' } },
    });
    expect(readSettings({ ...development, [`${P}STATIC_TOKENS`]: own }).authentication).toEqual({
      type: 'static',
      tokens: { 'a-token-of-my-own': { clientId: 'me', scopes: ['read:data'] } },
    });
  });

  it.each([
    '{"a-token-of-my-own"',
    '[]',
    '7',
    '{"a-token-of-my-own":null}',
    '{"a-token-of-my-own":{}}',
    '{"a-token-of-my-own":{"client_id":"me","scopes":"read"}}',
  ])('refuses static tokens like %s, and does not repeat them', (value) => {
    const problems = problemsOf({
      ENVIRONMENT: 'development',
      [`${P}TYPE`]: 'static',
      [`${P}STATIC_TOKENS`]: value,
    });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${P}STATIC_TOKENS: must be JSON`);
    expect(problems[0]).not.toContain('a-token-of-my-own');
  });
});
