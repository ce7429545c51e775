/** One page for each sentence that stops a start, or that warns at a start. */

import type { Page } from '../pages/page.ts';
import { spaced } from '../pages/spaced.ts';
import { list } from '../repository.ts';
import { collectSentences } from './collect-sentences.ts';
import { type Entry, readEntries, variablesOf } from './entries.ts';
import { type StartUp, tryVariables } from './try-variables.ts';

/** All of them, with the index and the page about options in code. */
export async function startUpPages(): Promise<readonly Page[]> {
  const entries = readEntries();
  const pages: Page[] = [];
  for (const entry of entries) {
    const said =
      entry.set === undefined ? undefined : await tryVariables(variablesOf(entry), entry);
    pages.push({
      path: `start-up/${entry.slug}.md`,
      text: write(entry, said),
      source: entry.source,
    });
  }
  return [indexPage(entries), ...pages, codePage()];
}

function write(entry: Entry, said: StartUp | undefined): string {
  const { title, sentence, kind = 'problem', means, cure } = entry;
  return spaced(
    [
      `# ${title}`,
      `> ${kind === 'problem' ? '**Stops the start.**' : '**Warning.**'} ${code(sentence)}`,
      '## What it means',
      means.trim(),
      '## See it',
      ...(said === undefined
        ? [
            'The sentence depends on what a secret backend or the installation has, so variables alone do not show it. `sallyport check` shows it where it applies:\n\n```sh command\nnpx sallyport check\n```',
          ]
        : [example(entry, said)]),
      '## Cure it',
      cure.trim(),
      'Then look at the settings again, without a start:\n\n```sh command\nnpx sallyport check\n```',
    ].join('\n\n'),
  );
}

function example(entry: Entry, { problems, warnings }: StartUp): string {
  const file = [
    '```env start',
    ...Object.entries(variablesOf(entry)).map(([name, value]) => `${name}=${quoted(value)}`),
    '```',
  ];
  const output =
    entry.kind === 'warning'
      ? warnings.map((warning) => `! ${warning}`)
      : [
          `✗ ${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in wrong.env`,
          ...problems.flatMap(({ variable, problem }) => ['', variable, `  ${problem}`]),
        ];
  return [
    'Save these variables as `wrong.env`:',
    file.join('\n'),
    ...(entry.composes
      ? ['`check` does not know the tools of your server. The start of the server says:']
      : ['```sh command\nnpx sallyport check --env-file wrong.env\n```']),
    ['```text start-answer', ...output, '```'].join('\n'),
  ].join('\n\n');
}

/** A value as a `.env` file has it. */
function quoted(value: string): string {
  const needsQuotes = /["#\n]|^\s|\s$/.test(value);
  return needsQuotes ? `'${value}'` : value;
}

function indexPage(entries: readonly Entry[]): Page {
  const table = (kind: 'problem' | 'warning') =>
    [
      '| page | sentence |',
      '|---|---|',
      ...entries
        .filter((entry) => (entry.kind ?? 'problem') === kind)
        .map(
          ({ slug, title, sentence }) =>
            `| [${title}](/start-up/${slug}) | ${code(sentence.replaceAll('|', '\\|'))} |`,
        ),
    ].join('\n');
  const text = [
    '# Start-up problems',
    'A configuration that cannot work, or that weakens the server, stops the start. The server reports all problems at once, and ends with exit code 78. Each sentence names the variable and what to do. `…` stands for a value.',
    '`sallyport check` says the same without a start:',
    '```sh command\nnpx sallyport check\n```',
    '## Sentences that stop the start',
    table('problem'),
    '## Warnings',
    table('warning'),
    '## Options in code',
    'Factories check their options in the same way. [Options in code](/start-up/options-in-code) lists those sentences.',
  ];
  return {
    path: 'start-up/index.md',
    text: spaced(text.join('\n\n')),
    source: 'apps/docs/src/start-up/start-up-pages.ts',
  };
}

function codePage(): Page {
  const packages = [...new Set(list('packages/*/src').map((path) => path.split('/')[1] ?? ''))];
  const sections = packages.flatMap((name) => {
    const sentences = collectSentences(`packages/${name}/src`);
    if (sentences.length === 0 || name === 'sallyport') return [];
    return [
      `## ${name}`,
      [
        '| sentence |',
        '|---|',
        ...sentences.map(
          ({ text }) => `| ${code(text.replaceAll('|', '\\|').replaceAll('\n', ' '))} |`,
        ),
      ].join('\n'),
    ];
  });
  const text = [
    '# Options in code',
    'A factory checks its options when it is called, also in JavaScript. It throws a `ConfigError`: `option` names the option, and `problem` is one of these sentences. The list is collected from the sources.',
    ...sections,
  ];
  return {
    path: 'start-up/options-in-code.md',
    text: spaced(text.join('\n\n')),
    source: 'apps/docs/src/start-up/start-up-pages.ts',
  };
}

/** Inline code that may have backticks. */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
