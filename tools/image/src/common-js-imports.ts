import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import type { BundlerPlugin } from './node-modules.ts';

const namespace = 'common-js';

/**
 * Gives `import()` of a CommonJS package the names that Node.js gives it. esbuild makes such a package a file of its own
 * with nothing but a default export. To learn the names, the package is loaded while it is bundled.
 */
export const commonJsImports: BundlerPlugin = {
  name: 'common-js-imports',
  setup(build) {
    build.onResolve(
      { filter: /^[^./]/ },
      async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === namespace) return undefined;
        const options = { kind, importer, resolveDir, pluginData: namespace };
        const resolved = await build.resolve(path, options);
        if (resolved.external || resolved.namespace !== 'file' || !isCommonJs(resolved.path)) {
          return resolved.errors.length > 0 ? undefined : resolved;
        }
        return { path: resolved.path, namespace };
      },
    );
    build.onLoad({ filter: /^/, namespace }, ({ path }) => {
      const names = Object.keys(createRequire(path)(path) as object);
      const exported = names.filter(
        (name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name),
      );
      return {
        contents: `const all = require(${JSON.stringify(path)});
export default all;
export const { ${exported.join(', ')} } = all;`,
        resolveDir: dirname(path),
      };
    });
  },
};

/** By its text, as esbuild sees it: some packages have ECMAScript modules for bundlers that Node.js would not take as such. */
function isCommonJs(path: string): boolean {
  const extension = extname(path);
  const isModule = /^(?:import|export)\b/m;
  return (
    extension === '.cjs' || (extension === '.js' && !isModule.test(readFileSync(path, 'utf8')))
  );
}
