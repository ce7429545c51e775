/** The pages of start-up problems: every sentence has one, and a start says what the page shows. */
import { expect, it } from 'vitest';
import { collectSentences } from '../src/start-up/collect-sentences.ts';
import {
  isSentence,
  readCodeOnlySentences,
  readEntries,
  variablesOf,
} from '../src/start-up/entries.ts';
import { tryVariables } from '../src/start-up/try-variables.ts';

const entries = readEntries();

it('every sentence of config has a page', () => {
  const sentences = collectSentences('packages/config/src').map(({ text }) => text);
  const written = new Set([...entries.map(({ sentence }) => sentence), ...readCodeOnlySentences()]);

  expect(sentences.length).toBeGreaterThan(60);
  expect(sentences.filter((text) => !written.has(text))).toEqual([]);
});

it('no page is about a sentence that no package says', () => {
  const said = new Set(collectSentences('packages/*/src').map(({ text }) => text));
  // Of parts that are filled in one by one.
  const composed = ['must be …'];

  const lost = [...entries.map(({ sentence }) => sentence), ...readCodeOnlySentences()].filter(
    (sentence) => !said.has(sentence) && !composed.includes(sentence),
  );
  expect(lost).toEqual([]);
});

it('every page has an address of its own', () => {
  expect(new Set(entries.map(({ slug }) => slug)).size).toBe(entries.length);
});

const shown = entries.filter(({ set }) => set !== undefined);

it('most pages show their sentence by variables', () => {
  expect(shown.length).toBeGreaterThanOrEqual(entries.length - 5);
});

it.each(shown)('says it: $slug', async (entry) => {
  const { problems, warnings } = await tryVariables(variablesOf(entry), entry);
  const said =
    entry.kind === 'warning'
      ? warnings.map((warning) => warning.slice(warning.indexOf(': ') + 2))
      : problems.map(({ problem }) => problem);

  expect(said.filter((text) => isSentence(text, entry.sentence))).not.toEqual([]);
  if (entry.kind === 'warning') expect(problems).toEqual([]);
});

it('knows a sentence from another one', () => {
  expect(isSentence('must be on a.example, where this', 'must be on …, where this')).toBe(true);
  expect(isSentence('must be at a.example, where this', 'must be on …, where this')).toBe(false);
});
