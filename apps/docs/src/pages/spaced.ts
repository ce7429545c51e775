/** With an empty line around every heading, and at most one anywhere. */
export function spaced(text: string): string {
  return `${text
    .replace(/\n(#{1,6} .*)\n/g, '\n\n$1\n\n')
    .replace(/^(# .*)\n/, '$1\n\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
