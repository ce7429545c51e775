/** Secrets in HashiCorp Vault or OpenBao. */
import { z } from 'zod';
import { loadPackage } from '../../optional-package.ts';
import type { Settings } from '../../values/settings.ts';
import { exactText, flag, prefix, url, type Variable } from '../../variables/variable.ts';
import type { SecretBackend } from './secret-backend.ts';

type Text = Variable<string | undefined>;

const vaultUrl: Text = {
  ...url('VAULT_URL', {
    meaning: 'For `vault`: the address of Vault or OpenBao',
    cure: 'Set it to the https URL of Vault, such as https://vault.acme.com:8200',
  }),
  secretNames: [],
};
const mount: Text = {
  ...vaultPath('VAULT_MOUNT', 'Where the KV engine, version 2, is mounted'),
  fallback: 'secret',
};
const namespace = vaultPath('VAULT_NAMESPACE', 'The namespace. Default: the root namespace');
const path = vaultPath(
  'VAULT_PATH',
  'The secret that has all values in its fields: `jwt-issuer` and so on. Default: each value is a secret with the field `value`',
);
const role: Text = {
  ...exactText('VAULT_ROLE', {
    meaning: 'The role to log in with, by the service account of the pod',
    cure: `Set it to the role of the pod's service account, or set ${prefix}VAULT_TOKEN_FILE to the file of a Vault Agent`,
  }),
  allowed: 'the name of a role in Vault',
  schema: () => z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/),
  secretNames: [],
};
const tokenFile: Text = {
  ...exactText('VAULT_TOKEN_FILE', {
    meaning: 'In place of the role: the file with the token that a Vault Agent writes',
  }),
  allowed: 'an absolute path, such as /run/vault/token',
  schema: () => z.string().regex(/^\/\S+$/),
  secretNames: [],
};
const allowPrivateNetwork: Variable<boolean> = flag(`${prefix}VAULT_ALLOW_PRIVATE_NETWORK`, false, {
  meaning: 'Whether Vault may be in your private network. Metadata services stay refused',
});

export const vaultBackend: SecretBackend = {
  name: 'vault',
  hint: /^(?!.*azure).*(vault|bao|hashi)/i,
  scheme: 'vault',
  referenceForm: 'vault://path, with #field and @version where needed: vault://mcp/auth#issuer@3',
  variables: [vaultUrl, mount, namespace, path, role, tokenFile, allowPrivateNetwork],
  variableOf: {
    'vault.url': vaultUrl,
    'vault.mount': mount,
    'vault.namespace': namespace,
    'vault.authentication.role': role,
    'vault.authentication.path': tokenFile,
  },

  prepare(settings, { environment, cacheTtlSeconds, onEvent }) {
    const address = settings.require(vaultUrl);
    const secretPath = settings.read(path);
    const place = { mount: settings.read(mount), namespace: settings.read(namespace) };
    const options = {
      environment,
      ...(place.mount !== undefined && { mount: place.mount }),
      ...(place.namespace !== undefined && { namespace: place.namespace }),
      allowPrivateNetwork: settings.read(allowPrivateNetwork),
      cacheTtlSeconds,
      onEvent,
    };
    const login = readLogin(settings);
    if (address === undefined || login === undefined) return undefined;
    return {
      nameOf: (secret) => (secretPath === undefined ? secret : `${secretPath}#${secret}`),
      async open() {
        const { createVaultSecrets, kubernetesLogin, vaultTokenFile } = await loadPackage(
          '@sallyport/secrets-vault',
          `${prefix}SECRET_BACKEND`,
          () => import('@sallyport/secrets-vault'),
        );
        const authentication =
          'role' in login ? kubernetesLogin(login) : vaultTokenFile(login.tokenFile);
        return createVaultSecrets({ ...options, url: address, authentication });
      },
    };
  },
};

type Login = { readonly role: string } | { readonly tokenFile: string };

function readLogin(settings: Settings): Login | undefined {
  if (!settings.isSet(tokenFile)) {
    const name = settings.require(role);
    return name === undefined ? undefined : { role: name };
  }
  if (settings.isSet(role)) {
    settings.refuse(tokenFile, `must not be set beside ${role.name}: one of the two`);
  }
  const file = settings.read(tokenFile);
  return file === undefined ? undefined : { tokenFile: file };
}

/** A path as Vault has it. No segment leads to another mount. */
function vaultPath(suffix: string, meaning: string): Text {
  return {
    ...exactText(suffix, { meaning }),
    allowed: 'a path of letters, digits and _.~:+=-, without slashes around it',
    schema: () =>
      z
        .string()
        .refine((text) =>
          text.split('/').every((part) => /^(?!\.{1,2}$)[\w.~:+=-]{1,255}$/.test(part)),
        ),
    secretNames: [],
  };
}
