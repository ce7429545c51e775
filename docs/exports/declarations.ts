/** The declarations of one source file, as TypeScript would write them into a `.d.ts` file. */
import { type Program, parseSync } from 'oxc-parser';
import { isolatedDeclarationSync } from 'oxc-transform';

/** A name of another file, or of this one where `from` is missing. `*` stands for all names. */
interface Target {
  readonly from?: string;
  readonly name: string;
}

export interface DeclarationModule {
  /** A name may have several declarations, such as overloads. */
  readonly declarations: ReadonlyMap<string, readonly Declaration[]>;
  readonly imports: ReadonlyMap<string, Required<Target>>;
  readonly exports: ReadonlyMap<string, Target>;
}

interface Declaration {
  /** Without comments, and with one space for each run of white space. */
  readonly text: string;
  readonly mentions: readonly string[];
}

type Statement = Program['body'][number];
type Node = Readonly<Record<string, unknown>>;

/** @throws {Error} When an export has no explicit type. */
export function readDeclarations(file: string, source: string): DeclarationModule {
  const { code, errors } = isolatedDeclarationSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message)}`);
  const { program, comments } = parseSync('declarations.d.ts', code);
  const text = comments.reduceRight(
    (rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end),
    code,
  );
  const declarations = new Map<string, Declaration[]>();
  const imports = new Map<string, Required<Target>>();
  const exports = new Map<string, Target>();
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      for (const [name, target] of readImports(statement)) imports.set(name, target);
      continue;
    }
    for (const [name, target] of readExports(statement)) exports.set(name, target);
    const declared = 'declaration' in statement ? statement.declaration : statement;
    for (const name of namesOf(declared)) {
      const written = text.slice(statement.start, statement.end).replace(/\s+/g, ' ');
      const declaration = {
        text: written.replace(/^(?:export )?(?:declare )?/, ''),
        mentions: [...mentionsOf(declared)],
      };
      declarations.set(name, [...(declarations.get(name) ?? []), declaration]);
    }
  }
  return { declarations, imports, exports };
}

function readImports(
  statement: Extract<Statement, { type: 'ImportDeclaration' }>,
): [string, Required<Target>][] {
  const from = statement.source.value;
  return statement.specifiers.map((specifier) => {
    const name = specifier.type === 'ImportSpecifier' ? textOf(specifier.imported) : '*';
    return [specifier.local.name, { from, name }];
  });
}

function readExports(statement: Statement): [string, Target][] {
  if (statement.type === 'ExportAllDeclaration') {
    const name = statement.exported === null ? '*' : textOf(statement.exported);
    return [[name, { from: statement.source.value, name: '*' }]];
  }
  if (statement.type !== 'ExportNamedDeclaration') return [];
  const own = namesOf(statement.declaration).map((name): [string, Target] => [name, { name }]);
  const listed = statement.specifiers.map(({ local, exported }): [string, Target] => [
    textOf(exported),
    { ...(statement.source !== null && { from: statement.source.value }), name: textOf(local) },
  ]);
  return [...own, ...listed];
}

const textOf = (name: { readonly name?: string; readonly value?: string }): string =>
  name.name ?? name.value ?? '';

/** The names that a declaration declares. */
function namesOf(declaration: unknown): string[] {
  const { id, declarations } = Object(declaration) as {
    readonly id?: { readonly name?: string } | null;
    readonly declarations?: readonly unknown[];
  };
  if (Array.isArray(declarations)) return declarations.flatMap(namesOf);
  return typeof id?.name === 'string' ? [id.name] : [];
}

/** Every identifier in a declaration. More than types are among them, which does no harm. */
function mentionsOf(value: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  const node = value as Node;
  if (node['type'] === 'Identifier' && typeof node['name'] === 'string') found.add(node['name']);
  for (const child of Object.values(node)) mentionsOf(child, found);
  return found;
}
