import type { Environment } from '@sallyport/core';
import type { Variable } from '../variables/variable.ts';
import type { Settings } from './settings.ts';

// {tenant-id}, <client-id>, ${CLIENT_ID}, your-mcp-server-id, YOUR_CLIENT_ID, changeme, xxx
const placeholder =
  /^(\{[\w .-]+\}|<[\w .-]+>|\$\{?[A-Z_]+\}?|your[-_][a-z][a-z_-]*|(please[-_]?)?(change|replace)[-_]?(me|this)|x{3,}|(todo|tbd|placeholder))$/i;
const zeroGuid = /(^|\/)0{8}(-0{4}){3}-0{12}(\/|$)/;
// RFC 2606 and RFC 6761: no such host ever answers.
const documentation =
  /(^|\/\/|[.@])(example\.(com|org|net|edu)|[\w-]+\.(example|invalid|test))([:/]|$)/i;

/** Refuses placeholders that were copied from documentation: such a server would trust the wrong issuer, or none. */
export function refusePlaceholder(
  settings: Settings,
  variable: Variable,
  text: string | undefined,
  environment?: Environment,
): void {
  if (text === undefined) return;
  if (text === '*')
    settings.refuse(variable, 'must not stand for everybody. Name the one you mean');
  else if (variable.isOpaque ? isPlaceholder(text) : hasPlaceholder(text)) {
    settings.refuse(variable, 'looks like a placeholder. Put your own value in its place');
  } else if (!variable.isOpaque && environment?.isProduction === true && documentation.test(text)) {
    settings.refuse(variable, 'is an address of documentation. Put your own in its place');
  }
}

/** As a whole: secrets may hold any character. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text);
}

/** As a whole, or one part of a URL or list. */
function hasPlaceholder(text: string): boolean {
  return zeroGuid.test(text) || text.split(/[/:.?&=,\s]+/).some(isPlaceholder);
}
