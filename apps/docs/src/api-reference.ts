/** The API reference: one page for each entry of each package, written by TypeDoc. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application, type TypeDocOptions } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import type { Link } from './navigation.ts';
import { withoutTemplates } from './pages/without-templates.ts';
import { list, readSource, root } from './repository.ts';

/** The sources that the exports of a package name, by how they are imported. */
function entriesOf(manifestPath: string): readonly (readonly [name: string, file: string])[] {
  const { name, exports = {} } = JSON.parse(readSource(manifestPath));
  return Object.entries(exports as Record<string, { development?: string } | string>).flatMap(
    ([subpath, target]) =>
      typeof target === 'string' || target.development === undefined
        ? []
        : [
            [
              `${name}${subpath.slice(1)}`,
              manifestPath.replace('package.json', target.development.slice(2)),
            ] as const,
          ],
  );
}

/** Writes the pages below `api`, and returns links to them. */
export async function writeReference(site: URL): Promise<readonly Link[]> {
  const entries = list('packages/*/package.json').flatMap(entriesOf);
  const out = fileURLToPath(new URL('api/', site));
  const options: Partial<TypeDocOptions & PluginOptions> = {
    entryPoints: entries.map(([, file]) => `${root}${file}`),
    tsconfig: fileURLToPath(new URL('../tsconfig.reference.json', import.meta.url)),
    out,
    plugin: ['typedoc-plugin-markdown'],
    name: 'API reference',
    readme: 'none',
    disableGit: true,
    sourceLinkTemplate: 'https://github.com/sallyport/sallyport/blob/main/{path}#L{line}',
    displayBasePath: root,
    basePath: root,
    excludeInternal: true,
    excludePrivate: true,
    skipErrorChecking: true,
    logLevel: 'Error',
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    useHTMLAnchors: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    validation: false as never,
    modulesFileName: 'index',
    entryFileName: 'index',
  };
  const application = await Application.bootstrapWithPlugins(options as TypeDocOptions);
  const project = await application.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources');
  for (const module of project.children ?? []) {
    const source = module.sources?.[0]?.fullFileName;
    const name = entries.find(([, file]) => source?.endsWith(file))?.[0];
    if (name !== undefined) module.name = name.replace('@sallyport/', '');
  }
  await application.generateOutputs(project);
  for (const file of globSync(`${out}**/*.md`)) {
    writeFileSync(file, withoutTemplates(readFileSync(file, 'utf8')));
  }
  if (!existsSync(`${out}index.md`)) throw new Error('TypeDoc wrote no index');
  return readLinks(out);
}

function readLinks(out: string): readonly Link[] {
  const index = readFileSync(`${out}index.md`, 'utf8');
  return [...index.matchAll(/\[([^\]]+)\]\(([^)]+)\.md\)/g)].map(([, text = '', target = '']) => ({
    text: text.replaceAll('\\', ''),
    link: `/api/${target.replace(/(^|\/)index$/, '$1')}`,
  }));
}
