/** Writes the TypeScript of a snippet in the other ways that readers write it. Types are erased by Node.js. */
import { stripTypeScriptTypes } from 'node:module';

type Files = Readonly<Record<string, string>>;

/** One way to write a snippet. */
export interface Variant {
  readonly name: string;
  /** The `type` of its `package.json`. */
  readonly type: 'module' | 'commonjs';
  /** It must be compiled before it runs. */
  readonly isCompiled?: true;
  rewrite(files: Files, entry: string): Files;
}

const rename = (files: Files, change: (code: string, path: string) => string): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, code]) => [
      path.replace(/ts$/, 'js'),
      change(code.replace(/(from '\.[^']+)\.ts'/g, "$1.js'"), path),
    ]),
  );

/** What `import` and `export` are in a CommonJS file. */
function toCommonJs(code: string): string {
  const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
  return `${code
    .replace(/^import (\w+) from ('[^']+');/gm, 'const $1 = require($2);')
    .replace(
      /^import \{([^}]+)\} from ('[^']+');/gm,
      (_, list: string, from: string) =>
        `const {${list.replaceAll(' as ', ': ')}} = require(${from});`,
    )
    .replace(
      /^export (?=const|function)/gm,
      '',
    )}${names.map((name) => `exports.${name} = ${name};\n`).join('')}`;
}

/** CommonJS has no `await` outside of functions. */
function inFunction(code: string): string {
  const lines = code.split('\n');
  const start = lines.findLastIndex((line) => /^(?:import|\} from)\b.*from /.test(line)) + 1;
  const names: string[] = [];
  const body = lines
    .slice(start)
    .join('\n')
    .replace(/^export const (?:\{ )?(\w+)/gm, (text, name: string) => {
      names.push(name);
      return text.replace('export ', '');
    })
    .replace(/^export default (.*);$/gm, 'const exported = $1;');
  if (body.includes('const exported')) names.push('default: exported');
  return `${lines.slice(0, start).join('\n')}\nexport const started = (async () => {${body}return { ${names.join(', ')} };\n})();\n`;
}

export const variants: readonly Variant[] = [
  { name: 'TypeScript, ESM', type: 'module', rewrite: (files) => files },
  {
    name: 'JavaScript, ESM',
    type: 'module',
    rewrite: (files) => rename(files, (code) => stripTypeScriptTypes(code)),
  },
  {
    name: 'TypeScript, require',
    type: 'commonjs',
    isCompiled: true,
    rewrite: (files, entry) =>
      Object.fromEntries(
        Object.entries(files).map(([path, code]) => [
          path,
          path === entry ? inFunction(code) : code,
        ]),
      ),
  },
  {
    name: 'JavaScript, require',
    type: 'commonjs',
    rewrite: (files, entry) =>
      rename(files, (code, path) =>
        toCommonJs(stripTypeScriptTypes(path === entry ? inFunction(code) : code)),
      ),
  },
];
