/** The page that asks a person before anything is sent to the provider. */
import type { GateAnswer } from '@sallyport/mcp-adapter';
import type { Recipient } from '../clients/allowed-clients.ts';
import { type Html, html, visibleText } from './html.ts';
import { pageAnswer } from './page.ts';

/** What the page shows. */
export interface Consent {
  /** The server, by its configured name or its host. */
  readonly server: string;
  readonly recipient: Recipient;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Further scopes that the provider adds if the person allowed them earlier. */
  readonly earlierScopes: readonly string[];
  /** Whether the client gets a refresh token. */
  readonly refreshes: boolean;
  /** What the client calls itself. */
  readonly claimedName: string | undefined;
  /** Where the form goes. */
  readonly action: string;
  /** The sealed request. */
  readonly ticket: string;
  readonly formTargets: readonly string[];
}

const longestName = 60;

/** Shows who gets the answer and what it allows first, and the client's own name last, as its claim. */
export function consentPage(consent: Consent): Promise<GateAnswer> {
  const { recipient, scopes, earlierScopes, refreshes, claimedName } = consent;
  // A quotation mark would end the claim, and the rest would read as words of this page.
  const claim = claimedName?.replace(/["\p{Pi}\p{Pf}\u201a\u201e]/gu, "'") ?? '';
  const name = visibleText(claim, longestName);
  const server = visibleText(consent.server, 120);
  return pageAnswer({
    status: 200,
    title: `Allow access to ${server}?`,
    formTargets: consent.formTargets,
    body: html`<h1>Allow access to <bdi>${server}</bdi>?</h1>
<section${recipient.isLocal ? alert : undefined}>
<h2>The answer goes to</h2>
<strong><bdi>${recipient.title}</bdi></strong>
<p><code dir="ltr">${consent.redirectUri}</code></p>
${recipient.isLocal ? warning : undefined}
</section>
<section>
<h2>It may use</h2>
${
  scopes.length === 0
    ? html`<p>No scopes: what every signed-in caller may use.</p>`
    : listScopes(scopes)
}
${
  earlierScopes.length === 0
    ? undefined
    : html`<p>If you allowed these earlier, your provider adds them:</p>${listScopes(earlierScopes)}`
}
${refreshes ? html`<p>It stays signed in until you or your organization ends it.</p>` : undefined}
</section>
<p class="claim">${
      name === ''
        ? html`The app does not say what it is called.`
        : html`The app calls itself “<bdi>${name}</bdi>”. This server cannot check that name.`
    }</p>
<form method="post" action="${consent.action}">
<input type="hidden" name="request" value="${consent.ticket}">
<div class="buttons">
<button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</div>
</form>
<p class="note">Press Allow only if you started this sign-in yourself, a moment ago. You then sign in at your organization’s provider.</p>`,
  });
}

function listScopes(scopes: readonly string[]): Html {
  const items = scopes.map(
    (scope) => html`<li><code dir="ltr">${visibleText(scope, 120)}</code></li>`,
  );
  return html`<ul>${items}</ul>`;
}

const alert = html` class="alert"`;
const warning = html`<p>Any program on your computer can receive it.</p>`;
