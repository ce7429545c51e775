/** HTML that is escaped by construction: every value in a template is text, unless it was made here. */

/** Markup that may stand in a document as it is. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

type HtmlValue = string | Html | undefined | readonly HtmlValue[];

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Makes markup of a template. Values are escaped for elements and for quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const [first = '', ...others] = parts;
  return new Html(others.reduce((text, part, index) => text + write(values[index]) + part, first));
}

function write(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value !== 'string') return value.map(write).join('');
  return value.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}

/**
 * Prepares a name that a stranger chose. It cannot change the direction of the text around it, hide characters in
 * itself, or push the rest of the page away.
 *
 * @param maximumLength In characters. A longer text ends with an ellipsis.
 */
export function visibleText(text: string, maximumLength: number): string {
  const visible = text
    .normalize('NFKC')
    .replace(/[\p{Zl}\p{Zp}\p{Zs}\t\r\n]+/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim();
  const characters = Array.from(visible);
  if (characters.length <= maximumLength) return visible;
  return `${characters.slice(0, maximumLength - 1).join('')}…`;
}
