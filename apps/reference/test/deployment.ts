/** What Dockerfile, service.yaml and DEPLOY.md say, as data. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { SecretProvider } from '@sallyport/core';
import { Secret } from '@sallyport/core';
import { parse } from 'yaml';

export type Variables = Readonly<Record<string, string>>;

export const repository: URL = new URL('../../../', import.meta.url);

export function readReference(name: string): string {
  return readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
}

/** What somebody has in the place of what the page tells them to find out. */
export const own: Variables = {
  GCP_PROJECT_ID: 'acme-notes',
  REGION: 'us-central1',
  PROJECT_NUMBER: '123456789012',
  RESOURCE_URL: 'https://notes-123456789012.us-central1.run.app/mcp',
  CALLER_ID: '112233445566778899001',
  CLIENT_SECRET: 'W7pQ2xR9vT4mK8sJ5nB1cD6fG3hL0zYa',
};

// As `openssl rand -base64 48` makes them.
export const hmacKey = 'n3VZk1Xb7sQpR0uLw8YcTfEjG2hMdAaN5oI9vKtBxUyPzW4qSeDrCmFlHgJ6iO+/';

interface Scenario {
  readonly text: string;
  /** What the scenario's `.env` or `--env-vars-file` has in it. */
  readonly variables: Variables;
  /** What it puts into Secret Manager. */
  readonly secrets: Variables;
}

/** Scenario `number` of DEPLOY.md, with the values of {@link own}. */
export function readScenario(number: number): Scenario {
  const [, text = ''] =
    new RegExp(`^## ${number}\\. (.*?)(?=^## |(?![^]))`, 'ms').exec(readReference('DEPLOY.md')) ??
    [];
  const exported = [...text.matchAll(/^export (\w+)=([^$\s]+)$/gm)];
  const shell = { ...own, ...Object.fromEntries(exported.map(([, name, value]) => [name, value])) };
  const expand = (line: string) =>
    line.replace(/\$(\w+)/g, (_all, name: string) => {
      const value = (shell as Variables)[name];
      if (value === undefined) throw new Error(`the page does not say what $${name} is`);
      return value;
    });
  const [, file = '', content = ''] = /^cat > (\S+) <<EOF\n(.*?)^EOF$/ms.exec(text) ?? [];
  const made = [...text.matchAll(/^printf '%s' "(.*)" \| gcloud secrets create (\S+)/gm)];
  const random = [...text.matchAll(/^openssl rand .* \| gcloud secrets create (\S+)/gm)];
  return {
    text,
    variables: file.endsWith('.yaml')
      ? parse(expand(content))
      : (parseEnv(expand(content)) as Variables),
    secrets: Object.fromEntries([
      ...made.map(([, value = '', name = '']) => [name, expand(value)]),
      ...random.map(([, name = '']) => [name, hmacKey]),
    ]),
  };
}

/** A Secret Manager that has these. */
export function holdSecrets(secrets: Variables): SecretProvider {
  return {
    name: 'gcp_secret_manager',
    async get(name) {
      const value = secrets[name];
      return value === undefined
        ? { found: false }
        : { found: true, secret: new Secret(value), version: '1' };
    },
  };
}
