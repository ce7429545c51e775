import { assertScopes, ConfigError, checkOptions, type Operation } from '@sallyport/core';
import { member } from '../body/json-member.ts';
import { isResponse } from '../body/json-rpc-message.ts';
import { foldName, protocolMethods } from '../body/protocol-methods.ts';
import { scopeChecks } from './scope-checks.ts';
import { everyScope, readScopeRules, type ScopeRule } from './scope-rule.ts';
import { writtenAs } from './uri-spellings.ts';

type Rules = Readonly<Record<string, ScopeRule>>;

/**
 * The scopes that each operation of an MCP server needs, in addition to the guard's `requiredScopes`. Names are
 * compared exactly. A name that ends in `*` matches every name with that beginning. Another spelling of a listed
 * name, such as `READ_NOTE` for `read_note`, needs the scopes of both.
 */
export interface OperationScopes {
  /** Scopes by the name of the tool. `choose` gets the arguments of the call. */
  readonly tools: Rules;
  /**
   * Scopes for tools that {@link tools} does not list. Default: every scope in {@link tools}, so a forgotten tool
   * is refused and not open.
   */
  readonly otherTools?: readonly string[];
  /** Scopes by the name of the prompt. `choose` gets its arguments. Default: any token. */
  readonly prompts?: Rules;
  /** Scopes for other prompts. Default: every scope in {@link prompts}. */
  readonly otherPrompts?: readonly string[];
  /** Scopes by URI. `choose` gets the URI. Default: any token. */
  readonly resources?: Rules;
  /** Scopes for other resources. Default: every scope in {@link resources}. */
  readonly otherResources?: readonly string[];
  /** Scopes by method, such as `tools/list`, in addition to the rules above. Default: any token. */
  readonly methods?: Readonly<Record<string, readonly string[]>>;
}

/** Returns every scope that an operation may need, without duplicates. */
export function listScopes(given: OperationScopes): readonly string[] {
  const scopes = checkOptions('gate.scopes', given, scopeChecks);
  const { tools, prompts = {}, resources = {}, methods = {} } = scopes;
  const { otherTools = [], otherPrompts = [], otherResources = [] } = scopes;
  const rules = [tools, prompts, resources, methods].flatMap((kind) => Object.values(kind));
  return [
    ...new Set([...rules.flatMap(everyScope), ...otherTools, ...otherPrompts, ...otherResources]),
  ];
}

/** A tool, prompt or resource. */
export type Subject =
  | { readonly tool: string }
  | { readonly prompt: string }
  /** By its URI. */
  | { readonly resource: string };

/** The operations of one server. */
export interface Operations {
  /** Says what a parsed request body asks for. */
  read(body: unknown): Operation;
  /** What the use of a subject needs, whatever its arguments are. */
  certain(subject: Subject): Operation;
}

/**
 * Reads the declaration of one server. What a request asks for is read from its body alone: `Mcp-*`
 * headers are written by the client and decide nothing. Every element of a batch counts.
 *
 * @throws {ConfigError} When a declared scope is not a valid scope.
 */
export function readOperations(scopes: OperationScopes): Operations {
  const tools = readScopeRules('gate.scopes.tools', scopes.tools, scopes.otherTools);
  const prompts = readScopeRules('gate.scopes.prompts', scopes.prompts ?? {}, scopes.otherPrompts);
  const resources = readScopeRules(
    'gate.scopes.resources',
    withSerialised(scopes.resources ?? {}),
    scopes.otherResources,
  );
  for (const kind of ['otherTools', 'otherPrompts', 'otherResources'] as const) {
    assertScopes(`gate.scopes.${kind}`, scopes[kind] ?? []);
  }
  // RFC 9700 and SEP-2350: it is between a client and its authorization server.
  if (listScopes(scopes).includes('offline_access')) {
    throw new ConfigError(
      'gate.scopes',
      'must not have offline_access: it is not a scope of a resource',
    );
  }
  const methods = new Map(Object.entries(scopes.methods ?? {}));
  for (const [method, needed] of methods) assertScopes(`gate.scopes.methods.${method}`, needed);
  // A server may ignore the letter case of a method.
  const spelledMethods = new Map(
    [...methods].map(([method, needed]) => [foldName(method), needed]),
  );

  /** What a message is about, and what that needs. */
  function readSubject(method: string, params: unknown): Operation {
    switch (method) {
      case 'tools/call':
        return about('tool', tools.read(member(params, 'name'), member(params, 'arguments')));
      case 'prompts/get':
        return about('prompt', prompts.read(member(params, 'name'), member(params, 'arguments')));
      case 'resources/read':
      case 'resources/subscribe':
      case 'resources/unsubscribe':
        return readResource(member(params, 'uri'));
      case 'subscriptions/listen':
        return readSubscriptions(member(params, 'notifications'));
      case 'completion/complete':
        return readCompletion(member(params, 'ref'));
      default:
        return { name: '', scopes: [] };
    }
  }

  /** Servers look a URI up in different spellings: it needs the scopes of all of them. */
  function readResource(uri: unknown): Operation {
    return addUp(writtenAs(uri).map((form) => about('resource', resources.read(form, form))));
  }

  /** News of a resource tell about it. */
  function readSubscriptions(notifications: unknown): Operation {
    const uris = member(notifications, 'resourceSubscriptions') ?? [];
    return addUp(Array.isArray(uris) ? uris.map(readResource) : [readResource(undefined)]);
  }

  /** Completions tell about what they complete. */
  function readCompletion(reference: unknown): Operation {
    const [type, uri] = [member(reference, 'type'), member(reference, 'uri')];
    if (type === 'ref/resource') return readResource(uri);
    const prompt = about('prompt', prompts.read(member(reference, 'name'), undefined));
    // A server may take `REF/RESOURCE` for either.
    if (type === 'ref/prompt' || uri === undefined) return prompt;
    return { ...prompt, scopes: [...prompt.scopes, ...readResource(uri).scopes] };
  }

  function readMessage(message: unknown): Operation {
    if (isResponse(message)) return { name: 'response', scopes: [] };
    const method = String(member(message, 'method'));
    const known = protocolMethods.has(method) || methods.has(method);
    const { name, scopes: needed } = readSubject(method, member(message, 'params'));
    return {
      name: `${known ? method : 'other method'}${name}`,
      scopes: [...new Set([...scopesOf(method), ...needed])],
    };
  }

  function scopesOf(method: string): readonly string[] {
    if (methods.size === 0) return [];
    return methods.get(method) ?? spelledMethods.get(foldName(method)) ?? [];
  }

  function certain(subject: Subject): readonly [method: string, scopes: readonly string[]] {
    if ('tool' in subject) return ['tools/call', tools.certain(subject.tool)];
    if ('prompt' in subject) return ['prompts/get', prompts.certain(subject.prompt)];
    const forms = writtenAs(subject.resource);
    return ['resources/read', [...new Set(forms.flatMap((uri) => resources.certain(uri)))]];
  }

  return {
    read(body) {
      const operation = Array.isArray(body) ? addUp(body.map(readMessage)) : readMessage(body);
      return { ...operation, message: body };
    },

    certain(subject) {
      const [method, needed] = certain(subject);
      return { name: method, scopes: [...(methods.get(method) ?? []), ...needed] };
    },
  };
}

function addUp(operations: readonly Operation[]): Operation {
  return {
    name: [...new Set(operations.map(({ name }) => name))].join(', '),
    scopes: [...new Set(operations.flatMap(({ scopes }) => scopes))],
  };
}

/** Rules are written as people write URIs. What is declared wins over what comes to the same. */
function withSerialised(rules: Rules): Rules {
  const serialised = Object.entries(rules).flatMap(([uri, rule]) =>
    writtenAs(uri).map((form) => [form, rule] as const),
  );
  return { ...Object.fromEntries(serialised), ...rules };
}

function about(
  kind: 'tool' | 'prompt' | 'resource',
  { name, scopes }: { readonly name: string | undefined; readonly scopes: readonly string[] },
): Operation {
  return { name: name === undefined ? ` of an undeclared ${kind}` : ` ${name}`, scopes };
}
