import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fastJwt } from '../contestants/fast-jwt.ts';
import { sallyport } from '../contestants/sallyport.ts';
import { formatMegabytes, nothing } from '../report/figures.ts';
import { renderTable } from '../report/markdown.ts';
import {
  failuresPerKey,
  limiterKeys,
  parseMemoryFigures,
  tokensKept,
} from '../report/memory-figures.ts';
import type { Group } from './group.ts';
import { formatBound, type Target } from './target.ts';

const program = fileURLToPath(new URL('../programs/measure-memory.ts', import.meta.url));
const count = (value: number): string => value.toLocaleString('en-US');

/** The memory of full caches, measured in a separate process. */
export const memory: Group = {
  name: 'memory',

  async run(_effort, onProgress) {
    onProgress(`${count(tokensKept)} tokens, ${count(limiterKeys)} keys`);
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program]);
    const figures = parseMemoryFigures(stdout);
    const tokens: Target = {
      what: `${count(tokensKept)} cached tokens`,
      ...{ sense: 'at most', bound: 10e6, measured: figures.ours, format: formatMegabytes },
    };
    const keys: Target = {
      what: `${count(limiterKeys)} keys of the rate limiter`,
      ...{ sense: 'at most', bound: 32e6, measured: figures.limiter, format: formatMegabytes },
    };
    const row = (name: string, what: string, bytes: number, each: number, target?: Target) => [
      name,
      what,
      formatMegabytes(bytes),
      `${count(Math.round(bytes / each))}`,
      target === undefined ? nothing : formatBound(target),
    ];

    return {
      title: 'Memory',
      blocks: [
        'What is in use after garbage collection, less what was in use before: V8 heap and memory ' +
          'outside of it. Tokens are different ones under RS256; keys have ' +
          `${failuresPerKey} failures each.`,
        renderTable(
          ['', 'what', 'in all', 'bytes each', 'target'],
          [
            row(sallyport.name, tokens.what, figures.ours, tokensKept, tokens),
            row(fastJwt.name, tokens.what, figures.fastJwt, tokensKept),
            row('@sallyport/rate-limit', keys.what, figures.limiter, limiterKeys, keys),
          ],
        ),
      ],
      targets: [tokens, keys],
    };
  },
};
