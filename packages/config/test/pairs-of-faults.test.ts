/** Two faults in one configuration: both are told in one start, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';
import { goodConfigurations } from './good-configurations.ts';

const P = 'FASTMCP_SERVER_AUTH_';

/** Each has one cause. A variable that a configuration does not set stays as it is. */
const faults: Readonly<Record<string, string>> = {
  PORT: 'x',
  [`${P}RATE_LIMIT_ENABLED`]: 'yes',
  [`${P}RATE_LIMIT_MAX_ATTEMPTS`]: '0',
  [`${P}SECRET_CACHE_TTL`]: '1e3',
  [`${P}TRUSTED_PROXY_HOPS`]: '6',
  [`${P}MAX_BODY_BYTES`]: '0',
  [`${P}METADATA_AT_ROOT`]: 'no',
  [`${P}TOOL_SCOPES`]: '{"read_note": "read:data"}',
  [`${P}SCOPE_HIERARCHY`]: '[]',
  [`${P}RESOURCE_URL`]: 'https://your-service.acme-corp.dev/mcp',
  [`${P}AUTHORIZATION_SERVERS`]: '["https://id.acme-corp.dev"',
  [`${P}NO_SUCH_VARIABLE`]: 'x',
  [`${P}GITHUB_CLIENT_ID`]: 'x',
  [`${P}JWT_CLOCK_SKEW`]: '121',
  [`${P}JWT_JWKS_CACHE_TTL`]: '0',
  [`${P}JWT_AUDIENCE`]: 'your-client-id',
  [`${P}JWT_ISSUER`]: ' https://id.acme-corp.dev',
  [`${P}INTROSPECTION_TIMEOUT`]: '61',
  [`${P}INTROSPECTION_CACHE_TTL`]: '301',
  [`${P}INTROSPECTION_URL`]: 'http//id.acme-corp.dev',
  [`${P}INTROSPECTION_CLIENT_ID`]: '{your-client-id}',
};

async function told(variables: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    const config = await loadConfig(variables, { nodeArguments: [] });
    await config.secrets?.close?.();
    return [];
  } catch (error) {
    return (error as AggregateError).errors.map(({ option }) => option).sort();
  }
}

describe.each(Object.entries(goodConfigurations))('%s', (_name, good) => {
  it('CASE-42: tells both of any two faults that it tells alone, and no third', async () => {
    const plain = { ...good, [`${P}RESOURCE_URL`]: 'https://notes.acme-corp.dev/mcp' };
    const alone = new Map<string, readonly string[]>();
    for (const [name, value] of Object.entries(faults)) {
      alone.set(name, await told({ ...plain, [name]: value }));
    }
    const invented = [...alone].filter(([name, names]) => names.some((other) => other !== name));
    expect(invented).toEqual([]);

    const wrong: string[] = [];
    const names = Object.keys(faults);
    for (const [at, first] of names.entries()) {
      for (const second of names.slice(at + 1)) {
        const both = { [first]: faults[first] ?? '', [second]: faults[second] ?? '' };
        const expected = [...(alone.get(first) ?? []), ...(alone.get(second) ?? [])].sort();
        const found = await told({ ...plain, ...both });
        if (found.join() !== expected.join()) wrong.push(`${first}, ${second}: ${found}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
