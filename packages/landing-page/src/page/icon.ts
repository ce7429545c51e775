/** An open gate, as part of a page and as the icon of a tab. */
import { type Html, markup } from '../html.ts';

const bars = 'M8.5 25V15.5a7.5 7.5 0 0 1 15 0V25M13.5 8.6V18M18.5 8.6V18M8.7 14.5h14.6';

/** The mark at the top of a page. Its colours come from the style sheet. */
export const mark: Html = markup(
  `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="${bars}"/></svg>`,
);

/** The icon of a tab. */
export const iconSvg: string = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0a684b"/><path d="${bars}" fill="none" stroke="#fff" stroke-width="1.75" stroke-linecap="round"/></svg>`;
