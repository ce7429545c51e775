/** The software bill of materials (SBOM) of each package, and the licenses of what it installs. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from './release/release-clone.ts';

const root = new URL('../../../', import.meta.url).pathname;
const packages = await readdir(join(root, 'packages'));

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string } }[];
}

interface Sbom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

/** Licenses that ask for no more than a notice. Another one is a decision: add it here with a reason. */
const accepted = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
];

const fullName = ({ group, name }: Component) => (group === undefined ? name : `${group}/${name}`);
const licenseOf = ({ licenses = [] }: Component) =>
  licenses.map(({ license }) => license?.id ?? 'unknown').join(' and ') || 'none';

const sboms = new Map<string, Sbom>();

beforeAll(async () => {
  const folder = join(root, 'sbom');
  await rm(folder, { recursive: true, force: true });
  await run('pnpm', ['run', 'sbom'], root);
  for (const file of await readdir(folder)) {
    const sbom: Sbom = JSON.parse(await readFile(join(folder, file), 'utf8'));
    sboms.set(fullName(sbom.metadata.component), sbom);
  }
});

describe.each(packages)('the SBOM of %s', (directory) => {
  it('names the package and each of its dependencies, with their licenses', async () => {
    const text = await readFile(join(root, 'packages', directory, 'package.json'), 'utf8');
    const manifest = JSON.parse(text);
    const sbom = sboms.get(manifest.name);
    const names = sbom?.components.map(fullName) ?? [];
    const direct = Object.keys(manifest.dependencies ?? {});
    const others = sbom?.components.filter((each) => !accepted.includes(licenseOf(each))) ?? [];

    expect(sbom?.bomFormat).toBe('CycloneDX');
    expect(sbom?.metadata.component).toMatchObject({ version: manifest.version });
    expect(names).toEqual(expect.arrayContaining(direct));
    expect(others.map((each) => `${fullName(each)}: ${licenseOf(each)}`)).toEqual([]);
  });
});

it('docs/licenses.md lists every dependency that a package installs', async () => {
  const byLicense = new Map<string, Set<string>>();
  for (const component of [...sboms.values()].flatMap(({ components }) => components)) {
    const license = licenseOf(component);
    byLicense.set(license, (byLicense.get(license) ?? new Set()).add(fullName(component)));
  }
  const sections = [...byLicense].sort().map(([license, names]) => {
    const sorted = [...names].filter((name) => !/^(?:@sallyport\/|sallyport$)/.test(name)).sort();
    return `## ${license}\n\n${sorted.map((name) => `\`${name}\``).join(', ')}`;
  });
  const page = `# Licenses

Sallyport is licensed under Apache-2.0. These are the licenses of everything that its packages install. A test writes
this page from the software bills of materials:

\`\`\`sh
npx --yes pnpm@12 --dir tools/packaging exec vitest run --dir nightly sboms --update
\`\`\`

${sections.join('\n\n')}
`;
  await expect(page).toMatchFileSnapshot(join(root, 'docs/licenses.md'));
});
