/** What stands in a variable, and what stands in for it. */
import { describe, expect, it } from 'vitest';
import { writeStartUpReport } from '../src/index.ts';
import { mintWithSecret, sharedSecret } from './mint-with-secret.ts';
import { hmacKey, load, opaque, openGate, problemsOf } from './set-up.ts';

describe('MCP-22: the variables for anonymous callers', () => {
  it('make the list of the gate, in all forms of a list', async () => {
    const config = await load({
      ANONYMOUS_TOOLS: 'search, help',
      ANONYMOUS_METHODS: '["resources/list"]',
      ANONYMOUS_CHALLENGE: 'tool-result',
      ANONYMOUS_REQUESTS_PER_MINUTE: '60',
    });
    const { gate } = await openGate(config, { write: ['write:data'] });

    expect(config.anonymous).toEqual({
      tools: ['search', 'help'],
      methods: ['resources/list'],
      challenge: 'tool-result',
      maximumRequestsPerMinute: 60,
    });
    const visible = ['search', 'help', 'write'].filter((tool) => gate.permits(undefined, { tool }));
    expect(visible).toEqual(['search', 'help']);
    expect((await load({})).anonymous).toBeUndefined();
  });

  it.each([
    [{ ANONYMOUS_METHODS: 'tools/call' }, /^ANONYMOUS_METHODS: .*would open every tool/],
    [{ ANONYMOUS_TOOLS: 'read_*' }, /^ANONYMOUS_TOOLS: .*must have exact names/],
    [{ ANONYMOUS_TOOLS: 'a', ANONYMOUS_CHALLENGE: 'html' }, /^ANONYMOUS_CHALLENGE: must be http/],
    [
      { ANONYMOUS_TOOLS: 'write', TOOL_SCOPES: '{"write":["write:data"]}' },
      /^ANONYMOUS_TOOLS: .*write, which needs the scopes write:data/,
    ],
  ])('%j stops the start, with the variable that is wrong', async (changes, problem) => {
    expect(await problemsOf(changes)).toEqual([expect.stringMatching(problem)]);
  });

  it('warn where they change nothing', async () => {
    const { warnings } = await load({ ANONYMOUS_CHALLENGE: 'tool-result' });

    expect(warnings).toEqual([
      expect.stringContaining('ANONYMOUS_CHALLENGE: has no effect: FASTMCP_SERVER_AUTH_ANONYMOUS'),
    ]);
  });
});

describe('the defaults of the page', () => {
  it('are in force where nothing is set', async () => {
    const config = await load({});

    expect(config).toMatchObject({
      port: 8_000,
      host: '0.0.0.0',
      rateLimit: { maximumAttempts: 10, windowSeconds: 60, redisUrl: undefined },
      callQuota: undefined,
      trustedProxyHops: 0,
      authentication: {
        type: 'jwt',
        algorithm: 'RS256',
        clockSkewSeconds: 60,
        jwksCacheTtlSeconds: 3_600,
      },
    });
    expect((await load(opaque)).authentication).toMatchObject({
      timeoutSeconds: 10,
      cacheTtlSeconds: 0,
    });
  });

  it.each([
    ['JWT_CLOCK_SKEW', '120', '121'],
    ['JWT_CLOCK_SKEW', '0', '-1'],
    ['JWT_JWKS_CACHE_TTL', '60', '0'],
    ['JWT_JWKS_CACHE_TTL', '86400', '86401'],
    ['SECRET_CACHE_TTL', '60', '0.5'],
    ['RATE_LIMIT_MAX_ATTEMPTS', '100', '0'],
    ['RATE_LIMIT_MAX_ATTEMPTS', '1', 'ten'],
    ['RATE_LIMIT_MAX_ATTEMPTS', '1000', '1000000000'],
    ['RATE_LIMIT_WINDOW_SECONDS', '60', '1e2'],
    ['QUOTA_CALLS', '1', '0'],
    ['QUOTA_CALLS', '100000', '100001'],
    ['PORT', '8080', '65536'],
    ['TRUSTED_PROXY_HOPS', '2', '6'],
    ['MAX_BODY_BYTES', '1024', '1023'],
    ['MAX_BODY_BYTES', '67108864', '67108865'],
    ['MAX_BODY_BYTES', '1048576', '1e6'],
    ['MAX_TOKEN_BYTES', '1024', '1023'],
    ['MAX_TOKEN_BYTES', '65536', '65537'],
    ['MAX_TOKEN_BYTES', '12000', '9e3'],
  ])('%s may be %s and not %s (RL-15)', async (name, right, wrong) => {
    expect(await problemsOf({ [name]: right })).toEqual([]);
    expect(await problemsOf({ [name]: wrong })).toEqual([
      expect.stringMatching(`^${name}: must be a whole number .*it holds "${wrong}"`),
    ]);
  });

  it.each([
    ['INTROSPECTION_TIMEOUT', '60', '61'],
    ['INTROSPECTION_CACHE_TTL', '300', '301'],
  ])('%s may be %s and not %s', async (name, right, wrong) => {
    expect(await problemsOf({ ...opaque, [name]: right })).toEqual([]);
    expect(await problemsOf({ ...opaque, [name]: wrong })).toHaveLength(1);
  });
});

describe('lists', () => {
  it.each([
    'read:data,write:data',
    'read:data write:data',
    ' read:data ,  write:data ',
    '["read:data", "write:data"]',
  ])('are read from %s (CFG-10)', async (text) => {
    expect((await load({ JWT_REQUIRED_SCOPES: text })).requiredScopes).toEqual([
      'read:data',
      'write:data',
    ]);
  });

  it.each(['["read:data"', '{"a": 1}', '[1]', '[]', ',', '["a b"]'])(
    'are not read from %s',
    async (text) => {
      expect(await problemsOf({ JWT_REQUIRED_SCOPES: text })).toEqual([
        expect.stringContaining('JWT_REQUIRED_SCOPES: must be a list'),
      ]);
    },
  );

  it('are refused when an entry is no scope', async () => {
    expect(await problemsOf({ JWT_REQUIRED_SCOPES: 'read:"da"ta' })).toEqual([
      expect.stringContaining('is not a scope'),
    ]);
  });

  it('of scopes have no secret in them, which every client would be sent', async () => {
    const problems = await problemsOf({ JWT_REQUIRED_SCOPES: hmacKey });

    expect(problems).toEqual([expect.stringMatching(/^JWT_REQUIRED_SCOPES: looks like a secret/)]);
    expect(problems.join()).not.toContain(hmacKey);
  });

  it('that are empty in production are warned of (CFG-10)', async () => {
    const { warnings } = await load({ JWT_REQUIRED_SCOPES: '' });

    expect(warnings).toEqual([expect.stringContaining('JWT_REQUIRED_SCOPES: is empty')]);
  });
});

describe('names', () => {
  it.each([
    ['FASTMCP_SERVER_AUTH_JWT_AUDIANCE', 'FASTMCP_SERVER_AUTH_JWT_AUDIENCE'],
    ['FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPE', 'FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES'],
    ['FASTMCP_SEVER_AUTH_JWT_REQUIRED_SCOPES', 'FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES'],
    ['fastmcp_server_auth_jwt_algorithm', 'FASTMCP_SERVER_AUTH_JWT_ALGORITHM'],
  ])('%s is taken for a slip of the hand (CFG-05)', async (name, nearest) => {
    expect(await problemsOf({ [name]: 'x' })).toEqual([
      expect.stringContaining(`is no variable of this server. Did you mean ${nearest}?`),
    ]);
  });

  it('of other programs are left alone', async () => {
    expect(
      await problemsOf({ PATH: '/bin', FASTMCP_LOG_LEVEL: 'debug', JWT_ISSUER_URL: 'x' }),
    ).toEqual([expect.stringContaining('JWT_ISSUER_URL')]);
    expect(await problemsOf({ PATH: '/bin', FASTMCP_LOG_LEVEL: 'debug' })).toEqual([]);
  });
});

it.each(['', ' ', '\n', '\t \n'])('takes %j for nothing at all (CFG-08)', async (blank) => {
  expect(await problemsOf({ JWT_ISSUER: blank, JWT_AUDIENCE: blank })).toEqual([
    expect.stringContaining('JWT_ISSUER: is missing'),
    expect.stringContaining('JWT_AUDIENCE: is missing'),
    expect.stringContaining('RESOURCE_URL: is missing'),
  ]);
});

it('reports every problem at once', async () => {
  const problems = await problemsOf({
    JWT_ISSUER: undefined,
    JWT_AUDIENCE: 'your-client-id',
    JWT_ALGORITHM: 'RS255',
    JWT_CLOCK_SKEW: '600',
    PORT: 'x',
    RATE_LIMIT_ENABLED: 'yes',
    SECRET_BACKEND: 'keeper',
    K_SERVICE: 'notes',
  });

  expect(problems.map((problem) => problem.split(':')[0])).toEqual(
    [
      'SECRET_BACKEND',
      'JWT_ISSUER',
      'JWT_ALGORITHM',
      'JWT_AUDIENCE',
      'JWT_CLOCK_SKEW',
      'RESOURCE_URL',
      'PORT',
      'RATE_LIMIT_ENABLED',
      'TRUSTED_PROXY_HOPS',
    ].sort((left, right) => order(problems, left) - order(problems, right)),
  );
  expect(problems).toHaveLength(9);
});

function order(problems: readonly string[], name: string): number {
  return problems.findIndex((problem) => problem.startsWith(`${name}:`));
}

it('cannot be changed afterwards', async () => {
  const config = await load({ TOOL_SCOPES: '{"hello": ["read:data"]}' });

  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  expect(() => Object.assign(config.authentication, { audience: '*' })).toThrow(TypeError);
  expect(() => Object.assign(config.toolScopes ?? {}, { hello: [] })).toThrow(TypeError);
});

it('asks for the number of proxies on Cloud Run (RL-01)', async () => {
  expect(await problemsOf({ K_SERVICE: 'notes' })).toEqual([
    expect.stringMatching(/^TRUSTED_PROXY_HOPS: is missing\. Set it to 1/),
  ]);
});

it('warns when nobody is limited', async () => {
  const config = await load({ RATE_LIMIT_ENABLED: 'false' });

  expect(config.rateLimit).toBeUndefined();
  expect(config.warnings).toContainEqual(expect.stringContaining('RATE_LIMIT_ENABLED: is false'));
});

it('limits without the Redis that is away, and says so (RL-10)', async () => {
  const told: string[] = [];
  const config = await load({ RATE_LIMIT_REDIS_URL: 'redis://:password@127.0.0.1:1' });
  const { call } = await openGate(config, {}, ({ type }) => told.push(type));
  const statuses = [];
  for (let attempt = 0; attempt < 11; attempt += 1) statuses.push(await call('not-a-token'));

  expect(statuses).toEqual([...Array(10).fill(401), 429]);
  expect(told).toEqual(['redis_unavailable']);
  expect(writeStartUpReport(config)).not.toContain('password');
});

it.each(['http://10.0.0.3', '10.0.0.3:6379'])('has no Redis at %s', async (url) => {
  expect(await problemsOf({ RATE_LIMIT_REDIS_URL: url })).toEqual([
    'RATE_LIMIT_REDIS_URL: must be a URL that begins with redis:// or rediss:// (it holds [redacted])',
  ]);
});

describe('the quota of calls', () => {
  const mint = (sub: string) => mintWithSecret({ sub, scope: 'read:data' });

  const open = {
    ENVIRONMENT: 'development',
    TYPE: 'none',
    DANGEROUSLY_OMIT_AUTH: 'true',
  };

  it('RL-17: limits each caller, and single tools', async () => {
    const tools = '{"report": {"calls": 1, "windowSeconds": 3600}, "slow_*": {"calls": 2}}';
    const config = await load({ ...sharedSecret, QUOTA_CALLS: '5', QUOTA_TOOLS: tools });
    const { call, audited } = await openGate(config, { report: [], slow_sum: [], hello: [] });
    const [alice, bob] = await Promise.all([mint('alice'), mint('bob')]);
    const statuses = [];
    for (const tool of ['report', 'report', 'slow_sum', 'slow_sum', 'slow_sum']) {
      statuses.push(await call(alice, tool));
    }
    for (const _ of [1, 2, 3]) statuses.push(await call(alice));
    statuses.push(await call(bob));

    expect(statuses).toEqual([200, 429, 200, 200, 429, 200, 200, 429, 200]);
    expect(audited.filter(({ code }) => code === 'quota_exceeded')).toMatchObject([
      { detail: 'report: 1 in 3600 s', subject: 'alice' },
      { detail: 'slow_*: 2 in 60 s' },
      { detail: 'all calls: 5 in 60 s' },
    ]);
  });

  it('RL-20: limits without the Redis that is away, and says so for each limit', async () => {
    const told: unknown[] = [];
    const config = await load({
      ...sharedSecret,
      QUOTA_CALLS: '3',
      RATE_LIMIT_REDIS_URL: 'redis://:password@127.0.0.1:1',
    });
    const { call } = await openGate(config, {}, (event) => told.push(event));
    const token = await mint('alice');
    const statuses = [];
    for (let attempt = 0; attempt < 4; attempt += 1) statuses.push(await call(token));

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(told).toEqual([
      { type: 'redis_unavailable', reason: 'connection' },
      { type: 'redis_unavailable', limits: 'calls', reason: 'connection' },
    ]);
  });

  it('counts in Redis where failures are not limited', async () => {
    const told: unknown[] = [];
    const config = await load({
      ...sharedSecret,
      QUOTA_CALLS: '1',
      RATE_LIMIT_ENABLED: 'false',
      RATE_LIMIT_REDIS_URL: 'redis://127.0.0.1:1',
    });
    const { call } = await openGate(config, {}, (event) => told.push(event));
    expect(await call(await mint('alice'))).toBe(200);
    expect(told).toMatchObject([{ type: 'redis_unavailable', limits: 'calls' }]);
  });

  it.each([
    [{ ...open, QUOTA_CALLS: '5' }, 'QUOTA_CALLS: has no effect: FASTMCP_SERVER_AUTH_TYPE=none'],
    [{ ...open, QUOTA_TOOLS: '{"a": {"calls": 1}}' }, 'QUOTA_TOOLS: has no effect'],
    [{ QUOTA_WINDOW_SECONDS: '60' }, 'QUOTA_CALLS: is missing'],
    [{ QUOTA_COUNT_DISCOVERY: 'true' }, 'QUOTA_CALLS: is missing'],
    [{ QUOTA_TOOLS: '{"a": {"calls": 0}}' }, 'QUOTA_TOOLS: must be JSON such as'],
    [{ QUOTA_TOOLS: '{"a": {"calls": 1, "window": 5}}' }, 'QUOTA_TOOLS: must be JSON such as'],
    [{ QUOTA_TOOLS: '{"a": 5}' }, 'QUOTA_TOOLS: must be JSON such as'],
    [{ QUOTA_CALLS: '5', QUOTA_WINDOW_SECONDS: '0' }, 'QUOTA_WINDOW_SECONDS: must be a whole'],
    [{ QUOTA_CALL: '5' }, 'QUOTA_CALL'],
    [
      { QUOTA_TOOLS: '{"reprot": {"calls": 1}}', TOOL_SCOPES: '{"report": []}' },
      'QUOTA_TOOLS: names "reprot", which is not a declared tool. Did you mean report?',
    ],
  ])('RL-15: %j stops the start', async (changes, problem) => {
    expect(await problemsOf({ ...sharedSecret, ...changes })).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('takes names of tools that are not declared, and patterns on either side', async () => {
    const tools = '{"other_tool": {"calls": 1}, "rep*": {"calls": 1}, "note_1": {"calls": 1}}';
    const scopes = '{"report": [], "note_*": []}';
    expect(await problemsOf({ ...sharedSecret, QUOTA_TOOLS: tools, TOOL_SCOPES: scopes })).toEqual(
      [],
    );
  });
});
