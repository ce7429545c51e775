/** Text that VitePress would take for HTML or for a template of Vue. */
import { outsideCode } from './documents.ts';

/**
 * Shows `<name>` and `{{ name }}` as they are written. Pages have no HTML, except the home page, and the anchors
 * that TypeDoc writes.
 */
export function withoutTemplates(text: string): string {
  return outsideCode(text, (part) =>
    part
      .replace(/<(?!!--|a id=|\/a>)(?=[a-z/])/gi, '&lt;')
      .replaceAll('{{', '&#123;&#123;')
      .replaceAll('}}', '&#125;&#125;'),
  );
}
