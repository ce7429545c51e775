/** Makes errors name the settings of the caller, and not the options that are made of them. */
import { ConfigError } from '@sallyport/core';

// The first that fits counts.
const names: readonly (readonly [option: RegExp, setting: string])[] = [
  [/^gate\.scopes\./, 'protect.'],
  [/^gate\.scopes$/, 'protect.tools'],
  [/^(?:gate|guard)\./, 'protect.'],
  [/^jwt\.audience$/, 'protect.audience'],
  [/^jwt\.(?:keys\.)?issuers?(?=\.|$)/, 'protect.issuer'],
  [/^jwt(?=\.|$)/, 'protect.issuer'],
  [/^static\.(?:tokens|environment)/, 'protect.developmentTokens'],
  [/^scopes\.hierarchy/, 'protect.scopeHierarchy'],
];

/** The same error, said of the setting that the option came from. Other errors stay as they are. */
function inSettings(error: unknown): unknown {
  if (!isConfigError(error)) return error;
  const { option, problem } = error;
  const row = names.find(([pattern]) => pattern.test(option));
  return row === undefined ? error : new ConfigError(option.replace(...row), problem);
}

/** Also one of another copy of core. */
function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === 'ConfigError' && 'problem' in error;
}

/** Names the errors of what is composed by the settings. */
export function named<Value>(create: () => Value): Value {
  try {
    return create();
  } catch (error) {
    throw inSettings(error);
  }
}
