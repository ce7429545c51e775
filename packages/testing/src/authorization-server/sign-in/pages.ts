import { hash } from 'node:crypto';
import { escapeHtml, showText } from './html.ts';
import { mark, style } from './page-style.ts';

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
    `<h1>Allow <bdi><strong>${name}</strong></bdi> to act for you?</h1>
${groups.join('\n')}
<form method="post" action="${escapeHtml(page.action)}">
<label for="subject">Sign in as</label>
<input id="subject" name="subject" value="${showText(page.subject, 200)}" required dir="auto" autocomplete="off" autocapitalize="none" spellcheck="false">
<div class="buttons">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>
<dl>
<dt>You will be sent to</dt>
<dd><code>${showText(new URL(page.redirectUri).href, 500)}</code></dd>
<dt>Client</dt>
<dd><code>${showText(page.clientId)}</code></dd>
</dl>
<p class="note">This is a server for tests and development: it asks for no password.</p>`,
  );
}

/** Renders a failure that cannot be sent back to the client. */
export function renderErrorPage(error: string, description = ''): string {
  return renderDocument(
    'Something went wrong',
    `<h1>Something went wrong</h1>\n<section><p>${showText(description, 500)}</p></section>\n<p class="note"><code>${showText(error)}</code></p>`,
  );
}

function renderGroup(heading: string, scopes: readonly string[]): string {
  const items = scopes.map((scope) => `<li><code>${showText(scope)}</code></li>`).join('');
  const list = items === '' ? '<p>No scopes.</p>' : `<ul>${items}</ul>`;
  return `<section><h2><bdi>${showText(heading, 500)}</bdi></h2>${list}</section>`;
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
<p class="brand">${mark}<span>Local sign-in</span></p>
${body}
</main>
</body>
</html>
`;
}
