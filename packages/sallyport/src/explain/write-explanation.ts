import { firstBroken } from '../diagnosis/step.ts';
import { writeSteps, writeVerdict } from '../diagnosis/write-steps.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { printable } from '../terminal/printable.ts';
import { createTerminal } from '../terminal/terminal.ts';
import type { ExplainOptions } from './explain.ts';
import type { Explanation } from './explain-token.ts';

/** Writes an explanation for a person. */
export function writeExplanation(
  { verdict, steps, parts, provider }: Explanation,
  { output, variables }: Pick<Surroundings, 'output' | 'variables'>,
  { tool, url }: Pick<ExplainOptions, 'tool' | 'url'>,
): void {
  const terminal = createTerminal(output, variables);
  const purpose = tool === undefined ? '' : ` for ${printable(tool)}`;
  terminal.line();
  terminal.line(
    verdict.code === undefined
      ? `  ${terminal.paint('good', `✓ The gate accepts this token${purpose}.`)}`
      : `  ${terminal.paint('bad', `✗ The gate refuses this token${purpose}: ${verdict.status} ${verdict.code}`)}`,
  );
  terminal.line();
  const client = parts?.claims['client_id'] ?? parts?.claims['azp'] ?? parts?.claims['cid'];
  if (provider !== undefined) terminal.pair('Provider', provider);
  if (client !== undefined) terminal.pair('Client', printable(client));
  if ((provider ?? client) !== undefined) terminal.line();
  writeSteps(terminal, steps);
  if (url !== undefined) {
    terminal.line();
    terminal.paragraph(
      'Issuer, audience and keys are those of the public metadata. An audience besides "resource" and the scopes of tools are not in it.',
    );
  }
  writeVerdict(terminal, steps);
  const broken = firstBroken(steps);
  writeNext(
    terminal,
    broken === undefined
      ? 'if a client is refused all the same, it sends another token: explain that one'
      : broken.name === 'key' || broken.name === 'question' || broken.name === 'times'
        ? 'run "sallyport doctor", which tries the network, the keys and the clock'
        : 'repair this, get a new token, and run this command again',
  );
}
