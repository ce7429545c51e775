/** The frame of every page: its head, its header fields and its assets. */
import type { GateAnswer } from '@sallyport/mcp-adapter';
import { type Html, type HtmlValue, html } from '../html.ts';

/** A file that a page loads from its own address. */
export interface Asset {
  readonly type: string;
  readonly text: string;
  /** What follows `?` in its address. It changes with the text, so browsers may keep it. */
  readonly query: string;
  /** For `integrity`. */
  readonly digest: string;
}

/** The parameter of the query that names an asset. Only a request for the page itself has a path to it. */
const parameter = 'page-asset';

/** Prepares an asset. */
export async function createAsset(extension: string, type: string, text: string): Promise<Asset> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const bytes = new Uint8Array(digest);
  const hex = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    type,
    text,
    query: `${parameter}=${hex}.${extension}`,
    digest: `sha256-${btoa(String.fromCharCode(...bytes))}`,
  };
}

/** What the frame holds. */
export interface PageParts {
  readonly title: string;
  readonly style: Asset;
  readonly script: Asset;
  readonly icon: Asset;
  /** More of the head. */
  readonly meta?: HtmlValue;
  readonly body: Html;
}

/** Writes a whole document. */
export function writeDocument({ title, style, script, icon, meta, body }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${meta}
<title>${title}</title>
<link rel="icon" type="${icon.type}" href="?${icon.query}">
<link rel="stylesheet" href="?${style.query}" integrity="${style.digest}">
<script type="module" src="?${script.query}" integrity="${script.digest}"></script>
</head>
<body>
${body}
</body>
</html>
`.toString();
}

const guarded = {
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Answers with a page. Shared caches must not keep it: some of them ignore `Vary`. */
export function pageAnswer(text: string): GateAnswer {
  return {
    status: 200,
    headers: {
      ...guarded,
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      Vary: 'Accept',
      'X-Frame-Options': 'DENY',
    },
    body: text,
  };
}

/**
 * Answers with an asset. Only the browser keeps it: a shared cache may ignore the query.
 *
 * @param seconds How long the browser keeps it. Default one year, since the address changes with the text.
 */
export function assetAnswer({ type, text }: Asset, seconds = 31_536_000): GateAnswer {
  return {
    status: 200,
    headers: {
      ...guarded,
      'Cache-Control': `private, max-age=${seconds}`,
      // An SVG that is opened by itself runs no script.
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Content-Type': type,
      Vary: 'Accept',
    },
    body: text,
  };
}
