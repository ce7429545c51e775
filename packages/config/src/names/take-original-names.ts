/** Variables of FastMCP for Python: used under our name where they mean the same, explained otherwise. */
import type { Variables } from '../process/unsafe-process.ts';
import type { Problems } from '../report/problems.ts';
import { show } from '../report/shown-setting.ts';
import { jwksUri, jwtIssuer, jwtProvider } from '../variables/jwt-variables.ts';
import { authenticationType } from '../variables/server-variables.ts';
import { prefix } from '../variables/variable.ts';
import {
  aliases,
  commonMembers,
  type OriginalProvider,
  originalProviders,
  originalTypes,
  verifierMembers,
} from './original-names.ts';

// Names the class that verifies tokens, such as `fastmcp.server.auth.providers.jwt.JWTVerifier`.
const selector = 'FASTMCP_SERVER_AUTH';

/** Variables under our names. */
export interface TakenNames {
  readonly variables: Variables;
  /** FastMCP's name, by ours. */
  readonly writtenAs: ReadonlyMap<string, string>;
  /** Names of variables that a problem already says to set. */
  readonly answered: Set<string>;
}

/** Puts the values of FastMCP's names under ours. Two names with two values are a problem. */
export function takeOriginalNames(given: Variables, problems: Problems): TakenNames {
  const variables: Record<string, string | undefined> = { ...given };
  const writtenAs = new Map<string, string>();
  const answered = new Set<string>();

  function move(original: string, ours: string, text: string): void {
    delete variables[original];
    const present = variables[ours];
    if (present === undefined) {
      variables[ours] = text;
      writtenAs.set(ours, original);
    } else if (present.trim() !== text.trim()) {
      problems.add(original, `is FastMCP's name for ${ours}, and differs from it. Remove it`);
    }
  }

  for (const [original, ours] of Object.entries(aliases)) {
    const text = given[prefix + original];
    if (text !== undefined) move(prefix + original, prefix + ours, text);
  }
  const named = given[selector];
  if (named === undefined) return { variables, writtenAs, answered };
  const className = named.trim().split('.').at(-1) ?? '';
  const type = originalTypes[className] ?? originalTypes[className.toUpperCase()];
  if (type !== undefined) move(selector, authenticationType.name, type);
  else {
    delete variables[selector];
    const problem = explainClass(className, named);
    problems.add(selector, problem);
    addAnswered(problem, answered.add(authenticationType.name));
  }
  return { variables, writtenAs, answered };
}

function explainClass(className: string, text: string): string {
  const provider = originalProviders.find((candidate) => isNamed(candidate, className));
  return provider === undefined
    ? `names a Python class, which this server cannot run. Set ${authenticationType.name} in its place: to jwt for JWT access tokens, or to introspection for opaque ones (it holds ${show(text, { isSecret: false, isClosed: false })})`
    : `names ${provider.className} of FastMCP. Remove it. ${provider.cure}`;
}

/** FastMCP takes the class with its module, and some servers a short name such as `github`. */
function isNamed({ className }: OriginalProvider, text: string): boolean {
  const short = className.replace(/(Auth)?Provider$/, '');
  return [className, short].some((name) => name.toLowerCase() === text.toLowerCase());
}

/** What to do about a variable of FastMCP, `undefined` for any other. */
export function explainOriginalName(name: string, answered: Set<string>): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const suffix = name.slice(prefix.length);
  const own = verifierMembers[suffix];
  const provider = originalProviders.find(({ beginning }) => suffix.startsWith(beginning));
  const cure = own ?? (provider === undefined ? undefined : cureOf(provider, suffix));
  if (cure === undefined) return undefined;
  addAnswered(cure, answered);
  const owner = own === undefined ? provider?.className : 'a verifier';
  return `belongs to ${owner} of FastMCP. ${cure}`;
}

function cureOf({ beginning, cure, members }: OriginalProvider, suffix: string): string {
  const member = suffix.slice(beginning.length);
  return members[member] ?? commonMembers[member] ?? cure;
}

/** Adds the variables that the advice tells the operator to set. They are not reported as missing as well. */
function addAnswered(sentence: string, answered: Set<string>): void {
  for (const [name] of sentence.matchAll(/FASTMCP_SERVER_AUTH_[A-Z_]+/g)) answered.add(name);
  if (!answered.has(jwtProvider.name)) return;
  answered.add(jwtIssuer.name).add(jwksUri.name);
}
