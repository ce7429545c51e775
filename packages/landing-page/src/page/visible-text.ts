/**
 * Prepares a name for people. It cannot change the direction of the text around it, hide characters in itself, or
 * push the rest of the page away.
 *
 * @param maximumLength In characters. A longer text ends with an ellipsis.
 */
export function visibleText(text: string, maximumLength: number): string {
  const visible = text
    .normalize('NFC')
    .replace(/[\p{Zl}\p{Zp}\p{Zs}\t]+/gu, ' ')
    // Control and format characters: bidirectional, zero-width, tags, private and unassigned ones.
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    // Marks that stack up over the lines above and below.
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim();
  const characters = Array.from(visible);
  if (characters.length <= maximumLength) return visible;
  return `${characters.slice(0, maximumLength - 1).join('')}…`;
}
