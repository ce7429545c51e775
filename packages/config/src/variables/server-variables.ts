/** Variables that are the same for all types of authentication. */
import { z } from 'zod';
import {
  flag,
  list,
  prefix,
  record,
  secretText,
  url,
  type Variable,
  wholeNumber,
  word,
} from './variable.ts';

type Text = Variable<string | undefined>;

type AuthenticationType = 'jwt' | 'introspection' | 'api-key' | 'static' | 'none';

/** How callers sign in. */
export const authenticationType: Variable<AuthenticationType | undefined> = word<
  AuthenticationType,
  undefined
>(`${prefix}TYPE`, ['jwt', 'introspection', 'api-key', 'static', 'none'], undefined, {
  meaning:
    'How tokens are verified. `api-key`: API keys alone. `static` and `none` are for development only',
  cure: 'Set it to jwt for JWT access tokens, or to introspection for opaque ones',
});
export const dangerouslyOmitAuth: Variable<boolean> = flag('DANGEROUSLY_OMIT_AUTH', false, {
  meaning: `\`true\` lets everybody in, with \`${prefix}TYPE=none\`, in development only`,
});
export const port: Variable<number> = wholeNumber(
  'PORT',
  { minimum: 0, maximum: 65_535, fallback: 8_000 },
  { meaning: 'Where the server listens. 0: any free port' },
);
export const resourceUrl: Text = {
  ...url('RESOURCE_URL', {
    meaning: 'Public URL of the MCP endpoint, without a slash at the end',
    cure: `Set it to the public https URL of the MCP endpoint, such as https://notes-1234567890.us-central1.run.app/mcp. Only where ${prefix}JWT_AUDIENCE is that URL it is not needed, nor at your own machine, with ENVIRONMENT=development`,
  }),
  secretNames: [],
};
export const authorizationServers: Variable<readonly string[]> = list('AUTHORIZATION_SERVERS', {
  meaning: 'Issuers that clients are sent to',
  cure: 'Set it to the https URL of the issuer that clients get their tokens from',
});
export const toolScopes: Variable<Readonly<Record<string, readonly string[]>> | undefined> = record(
  'TOOL_SCOPES',
  () => z.array(z.string()),
  undefined,
  {
    meaning: "Scopes that each tool needs, in place of the server's own. `{}`: none for any tool",
    example: '{"write_note": ["write:data"]}',
  },
);
export const scopeHierarchy: Variable<Readonly<Record<string, readonly string[]>>> = record(
  'SCOPE_HIERARCHY',
  () => z.array(z.string()),
  {},
  {
    meaning: 'Narrower scopes that a broader one implies',
    example: '{"write:data": ["read:data"]}',
  },
);
export const trustedProxyHops: Variable<number | undefined> = wholeNumber(
  `${prefix}TRUSTED_PROXY_HOPS`,
  { minimum: 0, maximum: 5, fallback: undefined },
  {
    meaning: "How many proxies in front write the client's address",
    cure: "Set it to 1 for Cloud Run's own address, or to 2 behind an external load balancer: else all clients share one limit",
  },
);
export const maxBodyBytes: Variable<number> = wholeNumber(
  `${prefix}MAX_BODY_BYTES`,
  { minimum: 1_024, maximum: 67_108_864, fallback: 1_048_576 },
  {
    meaning:
      'Largest request body, in bytes. A larger one lets one request block the process for longer',
  },
);
export const maxTokenBytes: Variable<number> = wholeNumber(
  `${prefix}MAX_TOKEN_BYTES`,
  { minimum: 1_024, maximum: 65_536, fallback: 8_192 },
  {
    meaning:
      'Longest token, in bytes. From about 14000 on, start Node with `--max-http-header-size` as well',
  },
);
export const metadataAtRoot: Variable<boolean> = flag(`${prefix}METADATA_AT_ROOT`, true, {
  meaning:
    '`true` serves the metadata at `/.well-known/oauth-protected-resource` too. `false` where that address belongs to another resource',
});
export const sessionSecret: Text = {
  ...secretText('SESSION_SECRET', {
    meaning:
      'Makes session ids that every instance verifies, also after a restart. Default: random, for one process',
  }),
  allowed: 'random text of at least 32 bytes',
};
export const staticTokens: Variable<
  | Readonly<Record<string, { readonly client_id: string; readonly scopes: readonly string[] }>>
  | undefined
> = {
  ...record(
    'STATIC_TOKENS',
    () => z.strictObject({ client_id: z.string().min(1), scopes: z.array(z.string()) }),
    undefined,
    {
      meaning: 'Fixed tokens for development, and whom each stands for',
      example: '{"<token>": {"client_id": "me", "scopes": ["read:data"]}}',
    },
  ),
  isSecret: true,
};

export const rateLimitEnabled: Variable<boolean> = flag(`${prefix}RATE_LIMIT_ENABLED`, true, {
  meaning: 'Whether failures are limited',
});
export const rateLimitMaxAttempts: Variable<number> = wholeNumber(
  `${prefix}RATE_LIMIT_MAX_ATTEMPTS`,
  { minimum: 1, maximum: 1_000, fallback: 10 },
  { meaning: 'Failures of one client address in a window' },
);
export const rateLimitWindow: Variable<number> = wholeNumber(
  `${prefix}RATE_LIMIT_WINDOW_SECONDS`,
  { minimum: 1, maximum: 86_400, fallback: 60 },
  { meaning: 'The window' },
);
export const rateLimitRedisUrl: Text = {
  ...secretText('RATE_LIMIT_REDIS_URL', {
    meaning:
      'A Redis or Valkey that all instances count in, failures and calls: `redis://` or `rediss://`',
  }),
  allowed: 'a URL that begins with redis:// or rediss://',
  schema: () =>
    z
      .string()
      .regex(/^rediss?:\/\/\S+$/)
      .refine((text) => URL.canParse(text)),
};
