/** Nothing of the live view is in a bundle for production. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

async function bundle(imported: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `import * as part from '${imported}';\nconsole.log(part);`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    conditions: ['development'],
  });
  return Object.keys(metafile.inputs).filter((input) => input.startsWith('src/'));
}

it('PAGE-06: bundles the page without the live view, for a platform without modules of Node.js', async () => {
  const page = await bundle('@sallyport/landing-page');
  const view = await bundle('@sallyport/landing-page/development');

  expect(page).toContain('src/create-landing-page.ts');
  expect(page.filter((input) => /live|development/.test(input))).toEqual([]);
  expect(view).toContain('src/live/create-live-view.ts');
});
