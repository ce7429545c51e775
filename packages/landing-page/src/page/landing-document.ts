/** The landing page: what the server is, how to connect, and who issues its tokens. */
import { type Html, html } from '../html.ts';
import { type Connection, listConnections, type Snippet } from './connections.ts';
import { mark } from './icon.ts';
import type { ServerFacts } from './server-facts.ts';
import { visibleText } from './visible-text.ts';

const longestIssuer = 300;
const longestScope = 120;

/** Renders everything inside `<body>`. */
export function renderLandingBody(facts: ServerFacts): Html {
  const { apps, terminal } = listConnections(facts);
  return html`<div class="page">
<header>
${mark}
<h1 dir="auto">${facts.title}</h1>
<p class="lead">This is an MCP server. An AI app connects to it, asks you to sign in, and then uses its tools for you.</p>
</header>
<main>
${renderSnippet('address', { what: 'the address', text: facts.resource }, 'address')}
${renderFacts(facts)}
<section class="group" aria-labelledby="apps">
<h2 id="apps">Connect an app</h2>
<ul class="clients cards">
${apps.map((app, index) => renderCard(`app-${index}`, app))}
</ul>
</section>
<section class="group" aria-labelledby="terminal">
<h2 id="terminal">Connect from a terminal</h2>
<ul class="clients rows panel">
${terminal.map((client, index) => renderRow(`line-${index}`, client))}
</ul>
</section>
</main>
<footer>
<p>Programs find these facts in the <a href="${facts.metadataUrl}">public metadata</a>.</p>
</footer>
<p id="status" class="unseen" role="status"></p>
</div>`;
}

function renderFacts({ issuers, scopes }: ServerFacts): Html {
  const access =
    scopes.length === 0
      ? undefined
      : html`<dt>Apps ask for</dt>
<dd><ul class="chips">${scopes.map((scope) => html`<li><code>${visibleText(scope, longestScope)}</code></li>`)}</ul></dd>`;
  const title = issuers.length === 0 ? undefined : html`<dt>You sign in at</dt>`;
  return html`<dl class="facts">
${title}
${issuers.map((issuer) => html`<dd><code>${visibleText(issuer, longestIssuer)}</code></dd>`)}
${access}
</dl>`;
}

function renderCard(id: string, { title, note, link, snippet }: Connection): Html {
  return html`<li class="panel">
<h3>${title}</h3>
<p>${note}</p>
${link && html`<p class="actions"><a class="button soft" href="${link.href}" rel="noreferrer">${link.label}</a></p>`}
${
  snippet &&
  html`<details><summary>${snippet.summary}</summary>
${renderSnippet(id, snippet)}
</details>`
}
</li>
`;
}

function renderRow(id: string, { title, note, snippet }: Connection): Html {
  return html`<li>
<div class="title"><h3>${title}</h3><p>${note}</p></div>
${snippet && renderSnippet(id, snippet)}
</li>
`;
}

function renderSnippet(id: string, { what, text }: Snippet, kind = ''): Html {
  return html`<div class="snippet ${kind}"><pre><code id="${id}" dir="ltr">${text}</code></pre><button type="button" data-copy="${id}" data-what="${what}" hidden><span data-label>Copy</span><span class="unseen"> ${what}</span></button></div>`;
}
