/** Every list of packages in this repository. */
import type { Names } from './names.ts';

/** One list. */
export interface Registration {
  readonly path: string;
  /** The file with the package in it; `undefined` when the list was not found. */
  readonly register: (text: string) => string | undefined;
}

export function listRegistrations(names: Names): Registration[] {
  const { directory, packageName, kind, title, factory } = names;
  const hasCache = kind === 'secrets';
  const imports = hasCache ? "'cached-secrets', 'core'" : "'core'";
  const others = {
    'rate-limit': ', maximumAttempts: 10, windowSeconds: 60',
    secrets: ', ...secretBounds',
    verifier: '',
  };
  return [
    {
      path: 'tools/architecture/test/architecture.test.ts',
      register: (text) =>
        insertMember(
          text,
          /const rows: [^\n]+ = \{\n/,
          `  '${directory}': { imports: [${imports}] },\n`,
        ),
    },
    {
      path: 'tools/packaging/test/install.test.ts',
      register: (text) =>
        insertMember(text, /const brings: [^\n]+ = \{\n/, `  '${directory}': [],\n`),
    },
    {
      path: 'tools/packaging/test/factories/index.ts',
      register: (text) =>
        insertMember(
          text,
          /export const factories: [^\n]+ = \{\n/,
          `  '${directory} ${factory}': {\n    good: () => [{ url${others[kind]} }],\n    required: { 0: ['url'] },\n  },\n`,
        ),
    },
    {
      path: 'tools/packaging/test/hosts/tarball-limits.ts',
      register: (text) =>
        insertMember(
          text,
          /export const largestKilobytes: [^\n]+ = \{\n/,
          `  '${packageName}': 20,\n`,
        ),
    },
    {
      path: 'tools/packaging/package.json',
      register: (text) =>
        insertMember(text, /"devDependencies": \{\n/, `    "${packageName}": "workspace:^",\n`),
    },
    {
      path: 'tools/leak-watch/src/observed.ts',
      register: (text) => insertBefore(text, '] as const;\n', `  '${factory}',\n`),
    },
    {
      path: 'tools/leak-watch/src/observers.ts',
      register: (text) => insertBefore(text, '  };\n}\n', `    ${factory}: ${observers[kind]},\n`),
    },
    {
      path: 'README.md',
      register: (text) => {
        const rows = [...text.matchAll(new RegExp(`^\\| \\[\`@sallyport/${kind}-.*\\n`, 'gm'))];
        const last = rows.at(-1);
        if (last === undefined) return undefined;
        const end = last.index + last[0].length;
        const row = `| [\`${packageName}\`](packages/${directory}) | ${lowerFirst(title)} |\n`;
        return text.slice(0, end) + row + text.slice(end);
      },
    },
    {
      path: 'docs/architecture.md',
      register: (text) => {
        const others = hasCache ? 'cached-secrets' : '–';
        const row = `| [${directory}](../packages/${directory}) | ${lowerFirst(title)} | ${others} |\n`;
        return insertBefore(text, '| [telemetry](', row);
      },
    },
  ];
}

/** How leak watch observes each kind. */
const observers = { 'rate-limit': 'events', secrets: 'provider', verifier: 'verifier' } as const;

/** Puts a line before the first occurrence of an ending. */
function insertBefore(text: string, ending: string, line: string): string | undefined {
  const at = text.indexOf(ending);
  return at === -1 ? undefined : text.slice(0, at) + line + text.slice(at);
}

/** Puts a line among the members of an object, which are in order. */
function insertMember(text: string, opening: RegExp, line: string): string | undefined {
  const start = opening.exec(text);
  if (start === null) return undefined;
  let at = start.index + start[0].length;
  const indent = /^ +/.exec(line)?.[0] ?? '';
  const own = keyOf(line);
  for (const member of text.slice(at).split(/(?<=\n)/)) {
    const isMember = member.startsWith(indent) && /^['"a-z]/.test(member.slice(indent.length));
    if (isMember && keyOf(member) > own) break;
    // The end of the object.
    if (!member.startsWith(indent)) break;
    at += member.length;
  }
  return text.slice(0, at) + line + text.slice(at);
}

function keyOf(line: string): string {
  return /['"]?([\w@/-]+)/.exec(line.trim())?.[1] ?? '';
}

function lowerFirst(text: string): string {
  return `${text[0]?.toLowerCase()}${text.slice(1)}`;
}
