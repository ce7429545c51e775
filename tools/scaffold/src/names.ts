import type { Kind, NewPackage } from './arguments.ts';

/** How a package and what is in it are called. */
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

export function listNames({ kind, name }: NewPackage): Names {
  const words = name.split('-').map(writeWord);
  const typeName = name
    .split('-')
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join('');
  const noun = kind === 'secrets' ? 'Secrets' : 'Verifier';
  const directory = `${kind}-${name}`;
  return {
    kind,
    name,
    directory,
    packageName: `@sallyport/${directory}`,
    typeName,
    factory: `create${typeName}${noun}`,
    options: `${typeName}${noun}Options`,
    file: `${name}-${kind}`,
    title: kind === 'secrets' ? `Secrets from ${words.join(' ')}` : `Tokens of ${words.join(' ')}`,
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
