const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const characters = new Map(
  Object.entries(entities).map(([character, entity]) => [entity, character]),
);

/** Makes text safe inside an element and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * Makes untrusted text safe to show. It cannot change the direction of the text around it, hide
 * characters in itself, or push the rest of the page away.
 */
export function showText(text: string, maximumLength = 80): string {
  const visible = text
    .normalize('NFC')
    // Control and format characters (bidirectional, zero-width, tags), private and unassigned ones.
    .replace(/[\p{Zl}\p{Zp}\t]/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    // Marks that stack up over the lines above and below.
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(visible);
  const isLong = characters.length > maximumLength;
  return escapeHtml(isLong ? `${characters.slice(0, maximumLength - 1).join('')}…` : visible);
}

/** Reads back what {@link escapeHtml} wrote. Other entities stay as they are. */
export function unescapeHtml(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characters.get(entity) ?? entity);
}
