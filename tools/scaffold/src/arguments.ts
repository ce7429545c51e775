/** What may be added. */
export type Kind = 'secrets' | 'verifier';

/** What somebody asked for. */
export interface NewPackage {
  readonly kind: Kind;
  /** In kebab case, without the kind. */
  readonly name: string;
}

export const usage = `Writes the package of a new secret backend or verifier.

  npx --yes pnpm@12 new secrets <name>    packages/secrets-<name>
  npx --yes pnpm@12 new verifier <name>   packages/verifier-<name>

It builds, and passes every check but its contract tests: those fail until it is implemented.
<name> is in lower case, such as aws or azure-key-vault. CONTRIBUTING.md walks through the rest.
`;

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Reads the words of the command line. */
export function readArguments(
  words: readonly string[],
): NewPackage | { readonly help: true } | { readonly problem: string } {
  if (words.includes('--help') || words.includes('-h')) return { help: true };
  const [kind, name, ...others] = words;
  if (kind !== 'secrets' && kind !== 'verifier') {
    const unknown = kind === undefined ? '' : `${JSON.stringify(kind)} cannot be added. `;
    return { problem: `${unknown}Say what to add: secrets or verifier. --help shows examples.` };
  }
  if (name === undefined) return { problem: `Say what to call it: pnpm new ${kind} <name>.` };
  if (others.length > 0) return { problem: `One name at a time: ${others.join(' ')} is too much.` };
  if (!kebabCase.test(name) || name.length > 40) {
    return {
      problem: `${JSON.stringify(name)} is no name for a package: use lower case letters, digits and single dashes, such as azure-key-vault.`,
    };
  }
  if (name.startsWith(`${kind}-`)) {
    return { problem: `Leave ${kind}- out: it is added. Say ${name.slice(kind.length + 1)}.` };
  }
  return { kind, name };
}
