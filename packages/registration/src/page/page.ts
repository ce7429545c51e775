/** The frame of every page, and its header fields. */
import type { GateAnswer } from '@sallyport/mcp-adapter';
import { Html, html } from './html.ts';
import { pageStyle } from './page-style.ts';

/** What a page holds. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  /** Sources of `form-action`. Default none: the page has no form. */
  readonly formTargets?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

const mark = new Html(
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect class="mark" width="32" height="32" rx="8"/><path class="bars" d="M8.5 25V15.5a7.5 7.5 0 0 1 15 0V25M13.5 8.6V18M18.5 8.6V18M8.7 14.5h14.6"/></svg>',
);
const style = new Html(`<style>${pageStyle}</style>`);

/** Answers with a page: no script, nothing from elsewhere, no frame around it, and no copy in a cache. */
export async function pageAnswer(page: Page): Promise<GateAnswer> {
  const { status, title, body, formTargets = ["'none'"], headers = {} } = page;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pageStyle));
  const source = `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
  return {
    status,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `default-src 'none'; style-src ${source}; form-action ${formTargets.join(' ')}; base-uri 'none'; frame-ancestors 'none'`,
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Resource-Policy': 'same-origin',
      // With `no-referrer`, browsers would send `Origin: null` with the form.
      'Referrer-Policy': formTargets.length > 1 ? 'same-origin' : 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      ...headers,
    },
    body: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${style}
</head>
<body>
<main>
<p class="brand">${mark}<span>Sign-in</span></p>
${body}
</main>
</body>
</html>
`.toString(),
  };
}

/** Answers with a page that says what went wrong. Nothing is sent to the client. */
export function errorPage(
  problem: string,
  advice: string,
  headers: Readonly<Record<string, string>> = {},
  status = 400,
): Promise<GateAnswer> {
  return pageAnswer({
    status,
    title: 'You cannot sign in with this link',
    body: html`<h1>${problem}</h1>
<p class="note">${advice}</p>`,
    headers,
  });
}
