/** How each client is connected: links and lines in the form that its documentation gives. */
import type { ServerFacts } from './server-facts.ts';
import { shellWord } from './shell-word.ts';

/** One way to connect. */
export interface Connection {
  /** What people call the client. */
  readonly title: string;
  /** What to do, in one or two sentences. */
  readonly note: string;
  /** Opens the client with the address filled in. */
  readonly link?: { readonly label: string; readonly href: string };
  readonly snippet?: Snippet;
}

/** A line or a file to copy. */
export interface Snippet {
  /** Completes "Copy …". */
  readonly what: string;
  readonly text: string;
  /** What opens it, where it is not the first way to connect. */
  readonly summary?: string;
}

/** Clients with windows, and clients of the terminal. */
export interface Connections {
  readonly apps: readonly Connection[];
  readonly terminal: readonly Connection[];
}

/** Lists the ways to connect to this server. */
export function listConnections(facts: ServerFacts): Connections {
  const { resource, serverName } = facts;
  const url = shellWord(resource);
  const entry = { type: 'http', url: resource };
  const hosted = [claude(facts), chatGpt(facts)];
  const installed: readonly Connection[] = [
    {
      title: 'VS Code',
      note: 'VS Code asks you to install the server, and then to sign in.',
      link: {
        label: 'Add to VS Code',
        href: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: serverName, ...entry }))}`,
      },
      snippet: {
        what: 'the command for VS Code',
        summary: 'Or run a command',
        text: `code --add-mcp ${shellWord(JSON.stringify({ name: serverName, ...entry }))}`,
      },
    },
    {
      title: 'Cursor',
      note: 'Cursor asks you to install the server. Then choose “Needs login” in its MCP settings.',
      link: {
        label: 'Add to Cursor',
        href: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(serverName)}&config=${encodeURIComponent(btoa(JSON.stringify({ url: resource })))}`,
      },
      snippet: {
        what: 'the entry for .cursor/mcp.json',
        summary: 'Or edit .cursor/mcp.json',
        text: JSON.stringify({ mcpServers: { [serverName]: { url: resource } } }, null, 2),
      },
    },
  ];
  return {
    apps: facts.isLocal ? [...installed, ...hosted] : [...hosted, ...installed],
    terminal: [
      {
        title: 'Claude Code',
        note: 'Then run /mcp in Claude Code and sign in.',
        snippet: {
          what: 'the command for Claude Code',
          text: `claude mcp add --transport http ${serverName} ${url}`,
        },
      },
      {
        title: 'Codex',
        note: `Codex opens the sign-in. To sign in again later: codex mcp login ${serverName}`,
        snippet: {
          what: 'the command for Codex',
          text: `codex mcp add ${serverName} --url ${url}`,
        },
      },
      {
        title: 'Gemini CLI',
        note: `Then run /mcp auth ${serverName} in Gemini CLI.`,
        snippet: {
          what: 'the command for Gemini CLI',
          text: `gemini mcp add --transport http ${serverName} ${url}`,
        },
      },
      {
        title: 'MCP Inspector',
        note: 'Opens the Inspector in your browser, to try each tool by hand.',
        snippet: {
          what: 'the command for the MCP Inspector',
          text: `npx @modelcontextprotocol/inspector --web --transport http --server-url ${url}`,
        },
      },
      {
        title: 'curl',
        note: 'Without a token the answer is 401. It names the metadata that every client reads first.',
        snippet: { what: 'the command for curl', text: `curl -i ${url}` },
      },
    ],
  };
}

// The servers of these two connect, and not the machine of the person.
const outOfReach = (client: string) =>
  `${client} connects from its own servers, which cannot reach an address on this machine.`;

function claude({ resource, serverName, isLocal }: ServerFacts): Connection {
  if (isLocal) return { title: 'Claude', note: outOfReach('Claude') };
  const query = new URLSearchParams({
    modal: 'add-custom-connector',
    connectorName: serverName,
    connectorUrl: resource,
  });
  return {
    title: 'Claude',
    note: 'Claude opens with the address filled in. Choose “Add”, then connect and sign in.',
    link: {
      label: 'Add to Claude',
      href: `https://claude.ai/customize/connectors?${query}`,
    },
  };
}

function chatGpt({ resource, isLocal }: ServerFacts): Connection {
  if (isLocal) return { title: 'ChatGPT', note: outOfReach('ChatGPT') };
  return {
    title: 'ChatGPT',
    note: 'Turn on developer mode in the security settings. Then add a custom MCP server in Plugins.',
    link: { label: 'Open Plugins in ChatGPT', href: 'https://chatgpt.com/plugins' },
    snippet: { what: 'the address for ChatGPT', text: resource, summary: 'Show the address' },
  };
}
