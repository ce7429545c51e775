import { testConfig } from '../../vitest.base.ts';

const names: Readonly<Record<string, string>> = {
  'https://mcp.example.com/mcp': 'SNIPPET_RESOURCE',
  'https://auth.example.com': 'SNIPPET_ISSUER',
};

/** The examples of the README run as they stand there, with the addresses of servers on this machine. */
const localAddresses = {
  name: 'local-addresses',
  transform(code: string, id: string) {
    if (!/\/test\/(?:readme|snippets\/[^/]+)\.ts$/.test(id)) return undefined;
    return code.replace(/(['"])(https:\/\/[^'"]+)\1/g, (text, _quote, address: string) => {
      const name = names[address];
      return name === undefined ? text : `process.env.${name}`;
    });
  },
};

export default testConfig({}, { plugins: [localAddresses] });
