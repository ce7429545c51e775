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

/** What a template may hold. Nothing is written for `undefined`. */
export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[];

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

/** Marks a constant of this package as markup. Never call it with a value from outside. */
export const markup = (constant: string): Html => new Html(constant);

function write(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(write).join('');
  return String(value).replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
