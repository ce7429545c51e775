import { hash } from 'node:crypto';
import { escapeHtml, showText } from './html.ts';

/** What a resource is asked for, on the consent page. */
interface RequestedAccess {
  /** The resource indicator. */
  readonly resource: string;
  /** Those of the requested scopes that the resource knows. */
  readonly scopes: readonly string[];
}

/** What the consent page shows. Nothing of it is trusted: a client chooses its own name. */
export interface ConsentPage {
  /** Where the form goes. */
  readonly action: string;
  /** The name that the client gave itself. */
  readonly clientName: string;
  /** The `client_id`. */
  readonly clientId: string;
  /** Where the answer will be sent. */
  readonly redirectUri: string;
  /** Who would sign in. */
  readonly subject: string;
  /** The resources. */
  readonly access: readonly RequestedAccess[];
  /** OpenID Connect scopes, which no resource is concerned with. */
  readonly accountScopes: readonly string[];
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 2rem 1rem; background: light-dark(#f3f4f6, #111418); color: light-dark(#16191d, #e8eaed); }
main { max-width: 30rem; margin: 0 auto; padding: 2rem; border-radius: .75rem; background: light-dark(#fff, #1c2127); box-shadow: 0 1px 4px #0004; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.3; }
h2 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
code { font-size: .875rem; }
label { display: block; margin-top: 1.5rem; font-weight: 600; }
input { box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .625rem; font: inherit; border: 1px solid light-dark(#767c85, #8b929c); border-radius: .375rem; background: transparent; color: inherit; }
p.note { margin: 1.5rem 0 0; font-size: .875rem; color: light-dark(#5a616b, #a6adb7); }
.buttons { display: flex; gap: .75rem; margin-top: 1.5rem; }
button { flex: 1; padding: .75rem; font: inherit; font-weight: 600; border: 1px solid light-dark(#1f5fbf, #8ab4f8); border-radius: .375rem; background: transparent; color: light-dark(#1f5fbf, #8ab4f8); cursor: pointer; }
button.primary { background: light-dark(#1f5fbf, #8ab4f8); color: light-dark(#fff, #10151c); }
:focus-visible { outline: 3px solid light-dark(#1f5fbf, #8ab4f8); outline-offset: 2px; }
`;

/**
 * Headers of every page: no script, nothing from elsewhere, no frame around it. There is no
 * `form-action`, because browsers apply it to the redirect back to the client, too.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; frame-ancestors 'none'`,
  // With `no-referrer`, browsers send `Origin: null` with the form.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Renders the one page that signs in and asks for consent. */
export function renderConsentPage(page: ConsentPage): string {
  const name = showText(page.clientName) || showText(page.clientId);
  const groups = page.access.map(({ resource, scopes }) => renderGroup(resource, scopes));
  if (page.accountScopes.length > 0) groups.push(renderGroup('Your account', page.accountScopes));

  return renderDocument(
    `Allow ${name}?`,
    `<h1>Allow <strong>${name}</strong> to act for you?</h1>
<p>Client <code>${showText(page.clientId)}</code></p>
${groups.join('\n')}
<form method="post" action="${escapeHtml(page.action)}">
<label for="subject">Sign in as</label>
<input id="subject" name="subject" value="${showText(page.subject, 200)}" required autocomplete="off" spellcheck="false">
<div class="buttons">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>
<p class="note">You will be sent to <code>${showText(new URL(page.redirectUri).href, 500)}</code>. This is a server for tests and development: it asks for no password.</p>`,
  );
}

/** Renders a failure that cannot be sent back to the client. */
export function renderErrorPage(error: string, description = ''): string {
  return renderDocument(
    'Something went wrong',
    `<h1>Something went wrong</h1>\n<p><code>${showText(error)}</code></p>\n<p>${showText(description, 500)}</p>`,
  );
}

function renderGroup(heading: string, scopes: readonly string[]): string {
  const items = scopes.map((scope) => `<li><code>${showText(scope)}</code></li>`).join('');
  const list = items === '' ? '<p>No scopes.</p>' : `<ul>${items}</ul>`;
  return `<section><h2>${showText(heading, 500)}</h2>${list}</section>`;
}

function renderDocument(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
