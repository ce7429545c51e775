/** The run-time check of `GateOptions`. The adapter and the guard check what they take from it. */
import { type Checks, check } from '@sallyport/core';
import { gateSettingChecks } from '@sallyport/mcp-adapter';
import type { GateOptions } from './gate-options.ts';

// The session secret is a variable.
const { sessionSecret: _variable, ...ownSettingChecks } = gateSettingChecks;

const scopeLists = check.recordOf(check.texts);
// A rule is a list of scopes, or a function that finds one.
const rules = check.recordOf(
  check.either('must be an array of scopes, or an object', check.texts, check.object),
);

export const gateOptionChecks: Checks<GateOptions> = {
  audit: check.audit,
  tools: scopeLists,
  initialScopes: check.optional(check.texts),
  resource: check.optional(check.text),
  senderConstraints: check.optional(check.listOf(check.senderConstraint)),
  otherOperations: check.optional(
    check.options<NonNullable<GateOptions['otherOperations']>>({
      otherTools: check.optional(check.texts),
      prompts: check.optional(rules),
      otherPrompts: check.optional(check.texts),
      resources: check.optional(rules),
      otherResources: check.optional(check.texts),
      methods: check.optional(scopeLists),
    }),
  ),
  verifier: check.optional(check.verifier),
  rateLimiter: check.optional(check.rateLimiter),
  quota: check.optional(check.rule),
  denial: check.optional(check.rule),
  policy: check.optional(check.rule),
  replaceAssertionKey: check.optional(check.callback),
  onEvent: check.optional(check.callback),
  ...ownSettingChecks,
};
