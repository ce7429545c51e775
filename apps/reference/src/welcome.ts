import type { Config } from '@sallyport/config';
import type { RunningServer } from './server.ts';

/**
 * What a developer reads after the start: addresses, and lines to paste. It shows a token on
 * purpose, the only one that is ever printed: one of this machine's own, or the documented one.
 */
export async function writeWelcome({ config, resource, local }: RunningServer): Promise<string> {
  const lines = [
    '',
    `  MCP endpoint           ${resource}`,
    `  Health                 ${new URL('/health', resource).href}`,
  ];
  if (local !== undefined) {
    lines.push(`  Authorization server   ${local.issuer}  (local, forgets everything at the end)`);
    lines.push(
      `  Tools                  whoami (any token), hello, list_notes, read_note (read:data)`,
    );
    lines.push(`                         write_note, delete_note (write:data)`);
  }
  const token = await tokenToShow(config, resource, local);
  if (token !== undefined) lines.push(...curlLines(resource, token));
  lines.push(
    '',
    '  Connect a client, which then signs in by itself:',
    `    claude mcp add --transport http sallyport ${resource}`,
    `    npx @modelcontextprotocol/inspector --web --transport http --server-url ${resource}`,
    '',
    '  Stop with Ctrl+C.',
    '',
    '',
  );
  return lines.join('\n');
}

async function tokenToShow(
  { authentication }: Config,
  resource: string,
  local: RunningServer['local'],
): Promise<string | undefined> {
  if (authentication.type === 'static') return authentication.tokens[0]?.token.reveal();
  return local?.issueToken({ resource, scopes: ['read:data'] });
}

function curlLines(resource: string, token: string): string[] {
  const call = new URL('/tools/call', resource).href;
  return [
    '',
    '  A token that works now, with the scope read:data:',
    `    TOKEN=${token}`,
    '',
    '  With it:                 200',
    `    curl -i -H "Authorization: Bearer $TOKEN" ${call} -d '{"name":"hello","arguments":{"name":"World"}}'`,
    '  Without it:              401, and where to get one',
    `    curl -i ${call} -d '{"name":"hello","arguments":{"name":"World"}}'`,
    '  With too small a scope:  403, and which scopes the tool needs',
    `    curl -i -H "Authorization: Bearer $TOKEN" ${call} -d '{"name":"write_note","arguments":{"title":"a","text":"b"}}'`,
  ];
}
