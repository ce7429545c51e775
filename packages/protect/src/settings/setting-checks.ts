/** The run-time check of the settings. Their factories check ranges and what the values hold. */
import { type Check, type Checks, ConfigError, check } from '@sallyport/core';
import { gateSettingChecks } from '@sallyport/mcp-adapter';
import type { ProtectSettings } from './settings.ts';

const conditional = check.options<{ scopes: readonly string[]; choose: () => unknown }>({
  scopes: check.texts,
  choose: check.callback,
});
const rules: Check = check.recordOf(
  check.either('must be a list of scopes, or { scopes, choose }', check.texts, conditional),
);
const oneOrMoreTexts = check.either(
  'must be a string or an array of strings',
  check.text,
  check.texts,
);

const oneIssuer = check.either(
  "must be the issuer's https address, such as 'https://auth.example.com', what a provider returns, such as providers.auth0({ … }), or an array of these",
  check.text,
  check.shape('what a provider returns', { issuer: 'string', keys: 'object' }),
);

const issuers = check.listOf(oneIssuer);

/** One row for each setting. */
export const settingChecks: Checks<ProtectSettings> = {
  // First, because it may stand in place of `resource`.
  resources: check.optional(rules),
  resource: check.text,
  issuer: check.optional({
    isOptional: false,
    read: (value, option) =>
      (Array.isArray(value) && value.length > 0 ? issuers : oneIssuer).read(value, option),
  }),
  audience: check.optional(oneOrMoreTexts),
  verifier: check.optional(check.verifier),
  developmentTokens: check.optional(check.recordOf(check.anything)),
  dangerouslyOmitAuthentication: check.optional(check.oneOf(true)),
  tools: rules,
  otherTools: check.optional(check.texts),
  prompts: check.optional(rules),
  otherPrompts: check.optional(check.texts),
  otherResources: check.optional(check.texts),
  methods: check.optional(check.recordOf(check.texts)),
  requiredScopes: check.optional(check.texts),
  initialScopes: check.optional(check.texts),
  scopeHierarchy: check.optional(check.recordOf(check.texts)),
  apiKeys: check.optional(
    check.shape('a verifier of API keys', { beside: 'function', credentialField: 'object' }),
  ),
  authorizationServers: check.optional(check.texts),
  rateLimiter: check.optional(check.rateLimiter),
  quota: check.optional(check.rule),
  audit: check.optional(check.audit),
  denial: check.optional(check.rule),
  policy: check.optional(check.rule),
  onEvent: check.optional(check.callback),
  environment: check.optional(check.environment),
  connect: check.optional(check.callback),
  dispose: check.optional(check.callback),
  landingPage: check.optional(check.callback),
  signIn: check.optional(check.callback),
  senderConstraints: check.optional(check.listOf(check.senderConstraint)),
  requestName: check.optional(check.callback),
  maximumTokenBytes: check.optional(check.number),
  ...gateSettingChecks,
};

const ways = ['issuer', 'verifier', 'developmentTokens', 'dangerouslyOmitAuthentication'] as const;

// What would have no effect beside another setting.
const idle: readonly (readonly [
  beside: keyof ProtectSettings,
  names: (keyof ProtectSettings)[],
])[] = [
  ['dangerouslyOmitAuthentication', ['apiKeys', 'denial', 'policy', 'quota']],
  ['credentialField', ['apiKeys']],
];

/**
 * @throws {ConfigError} When callers are authenticated in no way, or in more than one, or a setting about callers
 *   would have no effect.
 */
export function assertOneWay(settings: ProtectSettings): void {
  const [first, second] = ways.filter((way) => settings[way] !== undefined);
  if (first === undefined) {
    throw new ConfigError(
      'protect.issuer',
      "is missing: it must be the issuer's https address, such as 'https://auth.example.com'. In its place, verifier takes any other verifier, and developmentTokens a fixed list for development",
    );
  }
  if (second !== undefined) {
    throw new ConfigError(
      `protect.${second}`,
      `cannot stand beside ${first}. Leave one of them out`,
    );
  }
  if (settings.apiKeys && settings.senderConstraints?.some(({ required }) => required)) {
    throw new ConfigError(
      'protect.apiKeys',
      'has no effect beside a required sender constraint: no key is bound to its sender',
    );
  }
  for (const [beside, names] of idle) {
    const name = names.find((each) => settings[each] !== undefined);
    if (name === undefined || settings[beside] === undefined) continue;
    throw new ConfigError(
      `protect.${name}`,
      `has no effect beside ${beside}. Leave one of them out`,
    );
  }
}
