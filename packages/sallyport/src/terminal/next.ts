import type { Terminal } from './terminal.ts';

/** Writes what to do after this command. It is the last thing that every command says. */
export function writeNext(terminal: Terminal, text: string): void {
  terminal.line();
  terminal.pair('Next', text, { tone: 'strong' });
  terminal.line();
}
