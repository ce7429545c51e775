/** Which variables a child process gets: few, and none that holds a secret of the gate. */
import { ConfigError } from '@sallyport/core';

/** Variables of a process, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

// What programs need in order to find their files and to write text.
const passedAlways: readonly string[] = [
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'USER',
];

const ofTheGate = /^FASTMCP_SERVER_AUTH_/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Selects the variables of a child process.
 *
 * @param names Passed besides `PATH`, `HOME` and the like.
 * @throws {ConfigError} When a name is no variable, is not set, or belongs to the gate.
 */
export function selectVariables(
  environment: Variables,
  names: readonly string[],
): Record<string, string> {
  const selected: Record<string, string> = {};
  for (const name of passedAlways) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    // Bash of 2014 and before runs the code in such a value.
    if (value !== undefined && !value.startsWith('()')) selected[name] = value;
  }
  for (const [index, name] of names.entries()) {
    const option = `command.variables[${index}]`;
    if (!variableName.test(name)) throw new ConfigError(option, 'must be the name of a variable');
    if (ofTheGate.test(name)) {
      throw new ConfigError(
        option,
        `${name} configures the gate and may hold its secrets. The child process must not have it: remove it from the list`,
      );
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) {
      throw new ConfigError(option, `${name} is not set. Set it, or remove it from the list`);
    }
    selected[name] = value;
  }
  return selected;
}
