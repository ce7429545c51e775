/** Collects from the sources every sentence that can stop a start, so that a sentence without a page fails a test. */
import ts from 'typescript';
import { listSources, readSource } from '../repository.ts';

/** A sentence, as its source has it: `…` stands for a value that is filled in. */
export interface Sentence {
  readonly file: string;
  readonly text: string;
}

// What follows the name of a variable or option: "… must be …".
const predicate =
  /^(?:(?:an? |the )?(?:HMAC|public key)|the (?:secret|value)|belongs|is|are|must|has|have|looks|leads|lets|cannot|ends|begins|needs|names|comes|would|does|differs|stands|holds)\b.{8}/s;

// Members of tables that are no sentence by themselves.
const notSentences = new Set(['allowed', 'meaning', 'example']);

/** All sentences of the given folders, such as `packages/config/src`. */
export function collectSentences(...folders: readonly string[]): readonly Sentence[] {
  const found = new Map<string, Sentence>();
  for (const file of folders.flatMap((folder) => listSources(folder))) {
    for (const text of sentencesOf(file)) {
      if (!found.has(text)) found.set(text, { file, text });
    }
  }
  return [...found.values()];
}

function sentencesOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readSource(file), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && predicate.test(text) && !isLabel(node)) texts.push(text);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** The text of a literal, with `…` in place of what a template fills in. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

function isLabel(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isPropertyAssignment(parent) &&
    ts.isIdentifier(parent.name) &&
    notSentences.has(parent.name.text)
  );
}
