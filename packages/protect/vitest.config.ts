import { testConfig } from '../../vitest.base.ts';

const names: Readonly<Record<string, string>> = {
  'https://mcp.example.com/mcp': 'SNIPPET_RESOURCE',
  'https://auth.example.com': 'SNIPPET_ISSUER',
};

/** The examples of the README run as they stand there, with the addresses of servers on this machine. */
const localAddresses = {
  name: 'local-addresses',
  transform(code: string, id: string) {
    if (!/\/test\/(?:readme\.ts|snippets\/[^/]+\.ts|comparison\/[^/?]+\.js)(?:\?|$)/.test(id))
      return undefined;
    // For the comparison: what a library does if this option is left out.
    const shown = id.endsWith('?without-audience')
      ? code.replace(/,?\s+audience: (?:'[^']+'|[\w.]+)/, '')
      : code;
    return shown.replace(/(['"])(https:\/\/[^'"]+)\1/g, (text, _quote, address: string) => {
      const name = names[address];
      return name === undefined ? text : `process.env.${name}`;
    });
  },
};

export default testConfig({}, { plugins: [localAddresses] });
