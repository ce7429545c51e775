/** Checks the site that VitePress built: every link leads to a page that exists, and to an anchor of it. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../dist/', import.meta.url));
// The argument is where the site will be, as `DOCS_BASE` has it.
const [, , base = '/'] = process.argv;
const files = globSync('**/*.html', { cwd: folder });
const texts = new Map(files.map((file) => [file, readFileSync(folder + file, 'utf8')]));
const anchors = new Map(
  [...texts].map(([file, text]) => [
    file,
    new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => decode(id ?? ''))),
  ]),
);

const dead: string[] = [];
for (const [file, text] of texts) {
  for (const [, link = ''] of text.matchAll(/<a [^>]*href="([^"]*)"/g)) {
    const target = new URL(
      decode(link),
      `https://site.invalid${base}${file.replace(/(^|\/)index\.html$|\.html$/, '$1')}`,
    );
    if (target.hostname !== 'site.invalid') continue;
    const path = decodeURIComponent(target.pathname).slice(base.length);
    const found = [`${path}.html`, `${path}index.html`, path].find((name) => anchors.has(name));
    const anchor = decodeURIComponent(target.hash.slice(1));
    if (found === undefined) dead.push(`${file}: ${link} leads to no page`);
    else if (anchor !== '' && !anchors.get(found)?.has(anchor)) {
      dead.push(`${file}: ${link} leads to no heading`);
    }
  }
}
if (files.length < 150) dead.push(`only ${files.length} pages were built`);
process.stdout.write(dead.length === 0 ? `${files.length} pages, no dead link\n` : '');
for (const line of dead) process.stderr.write(`${line}\n`);
process.exitCode = dead.length === 0 ? 0 : 1;

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}
