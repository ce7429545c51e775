/** Where each client keeps its servers, and how it writes one. */
import { join } from 'node:path';
import type { Surroundings } from '../surroundings.ts';

/** One client. */
export interface InstallableClient {
  /** For people. */
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** The file that is changed. */
  readonly file: (surroundings: Pick<Surroundings, 'folder' | 'home' | 'variables'>) => string;
  /** The member of the file that holds all servers. */
  readonly member: string;
  /** The members of one server. */
  readonly entry: (url: string) => Readonly<Record<string, string>>;
  /** The client's own way to do the same, and how to sign in afterwards. */
  readonly next: (name: string, file: string) => string;
}

export const clients: Readonly<Record<string, InstallableClient>> = {
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    file: ({ folder }) => join(folder, '.mcp.json'),
    member: 'mcpServers',
    entry: (url) => ({ type: 'http', url }),
    next: () => 'start "claude" in this folder, accept the server, and sign in with /mcp',
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    file: ({ home, variables }) =>
      join(variables['CODEX_HOME'] || join(home, '.codex'), 'config.toml'),
    member: 'mcp_servers',
    entry: (url) => ({ url }),
    next: (name) => `sign in: codex mcp login ${name}`,
  },
  vscode: {
    title: 'VS Code',
    format: 'json',
    file: ({ folder }) => join(folder, '.vscode', 'mcp.json'),
    member: 'servers',
    entry: (url) => ({ type: 'http', url }),
    next: () => 'open this folder in VS Code, and click "Start" above the entry',
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    file: ({ folder }) => join(folder, '.cursor', 'mcp.json'),
    member: 'mcpServers',
    entry: (url) => ({ url }),
    next: () => 'open Settings > MCP in Cursor, and click "Needs login"',
  },
  'gemini-cli': {
    title: 'Gemini CLI',
    format: 'json',
    file: ({ folder }) => join(folder, '.gemini', 'settings.json'),
    member: 'mcpServers',
    entry: (httpUrl) => ({ httpUrl }),
    next: (name) => `start "gemini" in this folder, and sign in with /mcp auth ${name}`,
  },
  inspector: {
    title: 'MCP Inspector',
    format: 'json',
    file: ({ folder }) => join(folder, 'mcp-inspector.json'),
    member: 'mcpServers',
    entry: (url) => ({ type: 'streamable-http', url }),
    next: (name, file) => `npx @modelcontextprotocol/inspector --config ${file} --server ${name}`,
  },
};
