import { readFileSync } from 'node:fs';
import { contestants } from '../contestants/contestants.ts';

// The packages of whole servers.
const ofServers = [
  '@modelcontextprotocol/sdk',
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/express',
  'express',
  'mcp-auth',
  'mcp-proxy',
];

/** Every contestant's name and installed version. */
export function readVersions(): readonly string[] {
  return [...contestants.map(({ name }) => name), ...ofServers].map((name) => {
    const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    return `${name} ${version}`;
  });
}
