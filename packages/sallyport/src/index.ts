export { runCommandLine } from './command-line.ts';
export type { Surroundings, TextInput, TextOutput } from './surroundings.ts';
