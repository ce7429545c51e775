/** What people write about each sentence that can stop a start, or that warns at a start. */

import { frontDoors, knownProviders } from '@sallyport/verifier-jwt/providers';
import { parse } from 'yaml';
import { variablesFor } from '../pages/providers.ts';
import { list, readSource } from '../repository.ts';

/** One sentence, and its page. */
export interface Entry {
  readonly slug: string;
  readonly title: string;
  /** As `collectSentences` finds it. */
  readonly sentence: string;
  /** `warning`: the server starts. Default `problem`. */
  readonly kind?: 'problem' | 'warning';
  /** The configuration that the example changes. Default `jwt`. */
  readonly base?: string;
  /** Changes of the base. `null` removes a variable. A name after `=` is complete. */
  readonly set?: Readonly<Record<string, string | null>>;
  /** Whether the server's own tools must be known, which `check` does not know. */
  readonly composes?: boolean;
  readonly means: string;
  readonly cure: string;
  /** The file that holds it. */
  readonly source: string;
}

const prefix = 'FASTMCP_SERVER_AUTH_';
const resource = 'https://notes.acme-corp.dev/mcp';

const bases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  jwt: {
    JWT_ISSUER: 'https://id.acme-corp.dev',
    JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks',
    JWT_AUDIENCE: resource,
    JWT_REQUIRED_SCOPES: 'read:data',
  },
  hmac: {
    JWT_ISSUER: 'https://internal-auth.acme-corp.dev',
    JWT_AUDIENCE: resource,
    JWT_ALGORITHM: 'HS256',
    JWT_PUBLIC_KEY: 'kJ8vN2xQ5rT7yB3mZ6cD9fH1gL4pSaWe0uXiRoV',
    JWT_REQUIRED_SCOPES: 'read:data',
  },
  introspection: {
    TYPE: 'introspection',
    AUTHORIZATION_SERVERS: 'https://id.acme-corp.dev',
    INTROSPECTION_URL: 'https://id.acme-corp.dev/introspect',
    INTROSPECTION_CLIENT_ID: 'notes-server',
    INTROSPECTION_CLIENT_SECRET: 'tV5nC8wL2yG6',
    INTROSPECTION_AUDIENCE: resource,
    INTROSPECTION_REQUIRED_SCOPES: 'read:data',
  },
};

export function readEntries(): readonly Entry[] {
  return list('apps/docs/content/start-up/*.yaml')
    .filter((source) => !source.endsWith('/in-code.yaml'))
    .flatMap((source) =>
      (parse(readSource(source)) as Entry[]).map((entry) => ({ ...entry, source })),
    );
}

/** Sentences of `@sallyport/config` about options that only code can set. */
export function readCodeOnlySentences(): readonly string[] {
  return parse(readSource('apps/docs/content/start-up/in-code.yaml'));
}

/** The variables of the example, by their whole names. */
export function variablesOf({ base = 'jwt', set = {} }: Entry): Readonly<Record<string, string>> {
  const provider = [...knownProviders, ...frontDoors].find(({ name }) => name === base);
  const common = { '=ENVIRONMENT': 'production', TYPE: 'jwt', RESOURCE_URL: resource };
  const start =
    provider === undefined ? withPrefix({ ...common, ...bases[base] }) : variablesFor(provider);
  const all: Record<string, string | null> = { ...start, ...withPrefix(set) };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null),
  );
}

function withPrefix<Value>(names: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(names).map(([name, value]) => [
      name.startsWith('=') ? name.slice(1) : prefix + name,
      value,
    ]),
  );
}

/** Whether a text is the sentence, with something in place of each `…`. */
export function isSentence(text: string, sentence: string): boolean {
  const parts = sentence.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}(?:\\.? \\(it holds .*|, for .*)?$`, 's').test(text);
}
