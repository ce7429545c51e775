import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { slugOf } from '../src/pages/slug.ts';

const site = new URL('../site/', import.meta.url);
const sidebar = JSON.parse(readFileSync(new URL('navigation.json', site), 'utf8'));

export default defineConfig({
  title: 'Sallyport',
  description: 'A hardened OAuth 2.1 resource server in front of any MCP server',
  lang: 'en',
  base: process.env['DOCS_BASE'] ?? '/',
  srcDir: './site',
  outDir: './dist',
  cleanUrls: true,
  lastUpdated: false,
  // Addresses of a machine of the reader's, which no build can ask.
  ignoreDeadLinks: [/^https?:\/\/(?:localhost|127\.0\.0\.1)/],
  head: [
    ['link', { rel: 'icon', href: '/gate.svg', type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#12161f' }],
  ],
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark' },
    languageAlias: { env: 'ini' },
    anchor: { slugify: slugOf },
  },
  vite: { publicDir: new URL('../public', import.meta.url).pathname },
  themeConfig: {
    logo: '/gate.svg',
    nav: [
      { text: 'Start', link: '/guide/quick-start', activeMatch: '^/guide/' },
      { text: 'Deploy', link: '/scenarios/', activeMatch: '^/scenarios/' },
      {
        text: 'Troubleshooting',
        link: '/troubleshooting',
        activeMatch: '^/(troubleshooting|errors|start-up)',
      },
      { text: 'Variables', link: '/variables' },
      { text: 'Packages', link: '/packages/protect', activeMatch: '^/(packages|api)/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: 'Apache-2.0' },
  },
});
