/** The live view. Its script fills in what happens. */
import { type Html, html } from '../html.ts';
import { mark } from '../page/icon.ts';
import type { ServerFacts } from '../page/server-facts.ts';

const tiles = [
  ['accepted', 'Accepted', 'good', 'since the start'],
  ['refused', 'Refused', 'bad', 'since the start'],
  ['limited', 'Limited', 'careful', 'since the start'],
  ['latency', 'Time in the gate', '', ''],
  ['keys', 'Age of the keys', '', ''],
] as const;

/** @param explains Whether there is a box for tokens. */
export function renderLiveBody({ title, resource }: ServerFacts, explains: boolean): Html {
  return html`<div class="page">
<header class="top">
${mark}
<div><h1>Live view</h1><p><bdi>${title}</bdi> <code>${resource}</code></p></div>
<div class="clock"><p id="state" role="status">Connecting</p><button type="button" id="pause">Pause</button></div>
</header>
<main>
<dl class="tiles">
${tiles.map(
  ([id, label, tone, note]) =>
    html`<div class="tile panel ${tone}"><dt>${label}</dt><dd><span id="${id}">0</span><small id="${id}-note">${note}</small></dd></div>`,
)}
</dl>
<section class="panel block" aria-labelledby="chart-title">
<div class="heading"><h2 id="chart-title">Last 10 minutes</h2><ul class="legend"><li class="good">accepted</li><li class="bad">refused</li><li class="careful">limited</li></ul></div>
<svg id="chart" role="img" aria-label="No request yet" viewBox="0 0 600 120" preserveAspectRatio="none"></svg>
<p class="axis" aria-hidden="true"><span>10 minutes ago</span><span id="peak"></span><span>now</span></p>
</section>
<div class="columns">
<section class="panel block" aria-labelledby="reasons-title">
<h2 id="reasons-title">Refusals by reason</h2>
<ul id="reasons" class="reasons"></ul>
</section>
<section class="panel block" aria-labelledby="refusals-title">
<h2 id="refusals-title">Last refusals</h2>
<ol id="refusals" class="refusals"></ol>
</section>
</div>
${explains ? renderTokenBox() : undefined}
</main>
</div>`;
}

function renderTokenBox(): Html {
  return html`<section class="panel block" aria-labelledby="explain-title">
<h2 id="explain-title">Explain a token</h2>
<p class="quiet">This server checks the token as it checks a request, and forgets it. Nothing is counted or logged.</p>
<form id="explain">
<label for="token">Token</label>
<textarea id="token" rows="4" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="eyJ…"></textarea>
<button class="primary">Explain</button>
</form>
<div id="explanation" role="region" aria-live="polite" aria-label="Explanation" hidden></div>
</section>`;
}
