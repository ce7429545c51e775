/** The run-time check of scopes tables. */
import { type Checks, check } from '@sallyport/core';
import type { OperationScopes } from './operation.ts';
import type { ConditionalScopes } from './scope-rule.ts';

const conditionalChecks: Checks<ConditionalScopes> = {
  scopes: check.texts,
  choose: check.callback,
};

const rules = check.recordOf(
  check.either(
    'must be a list of scopes, or { scopes, choose }',
    check.texts,
    check.options(conditionalChecks),
  ),
);

/** One row for each member of {@link OperationScopes}. */
export const scopeChecks: Checks<OperationScopes> = {
  tools: rules,
  otherTools: check.optional(check.texts),
  prompts: check.optional(rules),
  otherPrompts: check.optional(check.texts),
  resources: check.optional(rules),
  otherResources: check.optional(check.texts),
  methods: check.optional(check.recordOf(check.texts)),
};
