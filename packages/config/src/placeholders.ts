import type { Environment } from '@sallyport/core';
import type { Settings } from './settings.ts';
import type { Variable } from './variable.ts';

// {tenant-id}, <client-id>, your-mcp-server-id, YOUR_CLIENT_ID, changeme, 00000000-0000-…
const placeholder =
  /[{}<>]|(^|[^a-z])(your[-_][a-z]|change-?me|xxx+)|^(api:\/\/)?0{8}(-0{4}){3}-0{12}$/i;
// RFC 2606 and RFC 6761: no such host ever answers.
const documentation =
  /(^|\/\/|[.@])(example\.(com|org|net|edu)|[\w-]+\.(example|invalid|test))([:/]|$)/i;

/** What is copied from a page must not start a server: it would trust somebody else, or nobody. */
export function refusePlaceholder(
  settings: Settings,
  variable: Variable,
  text: string | undefined,
  environment?: Environment,
): void {
  if (text === undefined) return;
  if (text === '*')
    settings.refuse(variable, 'must not stand for everybody. Name the one you mean');
  else if (placeholder.test(text)) {
    settings.refuse(variable, 'looks like a placeholder. Put your own value in its place');
  } else if (environment?.isProduction === true && documentation.test(text)) {
    settings.refuse(variable, 'is an address of documentation. Put your own in its place');
  }
}
