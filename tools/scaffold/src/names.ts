import type { Kind, NewPackage } from './arguments.ts';

/** The names of a package and of its exports. */
export interface Names {
  readonly kind: Kind;
  /** `azure-key-vault`: its label in logs, and the beginning of its options. */
  readonly name: string;
  /** `secrets-azure-key-vault`. */
  readonly directory: string;
  /** `@sallyport/secrets-azure-key-vault`. */
  readonly packageName: string;
  /** `AzureKeyVault`. */
  readonly typeName: string;
  /** `createAzureKeyVaultSecrets`. */
  readonly factory: string;
  /** `AzureKeyVaultSecretsOptions`. */
  readonly options: string;
  /** `azure-key-vault-secrets`: the file with the factory. */
  readonly file: string;
  /** For people. */
  readonly title: string;
}

/** How each kind is called: in names of code, in file names, and for people. */
const wordings: Readonly<Record<Kind, { noun: string; file: string; title: string }>> = {
  'rate-limit': { noun: 'RateLimiter', file: 'rate-limiter', title: 'Failed sign-ins, counted in' },
  secrets: { noun: 'Secrets', file: 'secrets', title: 'Secrets from' },
  verifier: { noun: 'Verifier', file: 'verifier', title: 'Tokens of' },
};

export function listNames({ kind, name }: NewPackage): Names {
  const words = name.split('-').map(writeWord);
  const typeName = name
    .split('-')
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join('');
  const { noun, file, title } = wordings[kind];
  const directory = `${kind}-${name}`;
  return {
    kind,
    name,
    directory,
    packageName: `@sallyport/${directory}`,
    typeName,
    factory: `create${typeName}${noun}`,
    options: `${typeName}${noun}Options`,
    file: `${name}-${file}`,
    title: `${title} ${words.join(' ')}`,
  };
}

/** Abbreviations that people write in capitals. */
const abbreviations = new Set([
  'api',
  'aws',
  'gcp',
  'ibm',
  'iam',
  'jwt',
  'kms',
  'oci',
  'saml',
  'sso',
]);

/** `azure` as people write it in a sentence: `Azure`. */
function writeWord(word: string): string {
  return abbreviations.has(word) ? word.toUpperCase() : `${word[0]?.toUpperCase()}${word.slice(1)}`;
}
