/** The kinds of packages that the generator can write. */
export type Kind = (typeof kinds)[number];

const kinds = ['rate-limit', 'secrets', 'verifier'] as const;

/** The package that the command line names. */
export interface NewPackage {
  readonly kind: Kind;
  /** In kebab case, without the kind. */
  readonly name: string;
}

export const usage = `Writes the package of a new secret backend, verifier or rate limiter.

  npx --yes pnpm@12 new secrets <name>      packages/secrets-<name>
  npx --yes pnpm@12 new verifier <name>     packages/verifier-<name>
  npx --yes pnpm@12 new rate-limit <name>   packages/rate-limit-<name>

The package builds and passes every check except its contract tests. Those fail until you implement it.
<name> is in lower case, such as aws or azure-key-vault. CONTRIBUTING.md explains the next steps.
`;

const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Reads the words of the command line. */
export function readArguments(
  words: readonly string[],
): NewPackage | { readonly help: true } | { readonly problem: string } {
  if (words.includes('--help') || words.includes('-h')) return { help: true };
  const [kind, name, ...others] = words;
  if (!isKind(kind)) {
    const unknown =
      kind === undefined ? '' : `The generator does not know ${JSON.stringify(kind)}. `;
    return {
      problem: `${unknown}Name what to add: secrets, verifier or rate-limit. --help shows examples.`,
    };
  }
  if (name === undefined) return { problem: `Name the package: pnpm new ${kind} <name>.` };
  if (others.length > 0) {
    return { problem: `Give one name at a time, without ${others.join(' ')}.` };
  }
  if (!kebabCase.test(name) || name.length > 40) {
    return {
      problem: `${JSON.stringify(name)} cannot name a package: use at most 40 lower case letters, digits and single dashes, such as azure-key-vault.`,
    };
  }
  if (name.startsWith(`${kind}-`)) {
    return {
      problem: `Leave out ${kind}-, which the generator adds: use ${name.slice(kind.length + 1)}.`,
    };
  }
  return { kind, name };
}

function isKind(word: string | undefined): word is Kind {
  return kinds.some((kind) => kind === word);
}
