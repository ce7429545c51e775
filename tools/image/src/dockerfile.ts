/** What the last stage of a Dockerfile says, as data. */
export interface LastStage {
  /** Copies out of the repository: a path in it, and a path in the image. */
  readonly copies: readonly Copy[];
  readonly variables: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** What a stage made that has the same base as the last. */
  readonly made: MadeFiles | undefined;
}

type Copy = readonly [from: string, to: string];

/** Files that a program of the image makes while the image is built. */
export interface MadeFiles {
  /** What the program needs: a path in the repository, and a path in the stage. */
  readonly copies: readonly Copy[];
  readonly user: string;
  readonly words: readonly string[];
  /** A path in the stage, and a path in the image. */
  readonly taken: Copy;
}

/** @throws {Error} When the stage has an instruction that this function does not know. */
export function readLastStage(text: string): LastStage {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const stage = readStage(lines.slice(lines.findLastIndex((line) => line.startsWith('FROM '))));
  const { single, variables } = stage;
  const { USER: user = '', ENTRYPOINT: entrypoint = '[]', CMD: command = '[]' } = single;
  const [other] = stage.copies.filter(({ from }) => from !== 'build');
  return {
    copies: fromRepository(stage),
    variables,
    user,
    entrypoint: JSON.parse(entrypoint) as string[],
    command: JSON.parse(command) as string[],
    made: other && readMadeFiles(lines, other),
  };
}

function readMadeFiles(lines: readonly string[], { from, paths }: StageCopy): MadeFiles {
  const begin = lines.findIndex((line) => new RegExp(`^FROM \\w+ AS ${from}$`).test(line));
  const length = lines.slice(begin + 1).findIndex((line) => line.startsWith('FROM '));
  const stage = readStage(lines.slice(begin, begin + 1 + length));
  const { USER: user = '', RUN: run = '[]' } = stage.single;
  return {
    copies: fromRepository(stage),
    user,
    words: JSON.parse(run) as string[],
    taken: paths,
  };
}

interface StageCopy {
  readonly from: string;
  readonly paths: Copy;
}

interface Stage {
  readonly copies: readonly StageCopy[];
  readonly variables: Readonly<Record<string, string>>;
  readonly single: Readonly<Record<string, string>>;
}

function readStage(lines: readonly string[]): Stage {
  const copies: StageCopy[] = [];
  const variables: Record<string, string> = {};
  const single: Record<string, string> = {};
  for (const line of lines.slice(1)) {
    const [, instruction = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const [, from, path, to] = /^--from=(\w+)(?: --chown=0:0)? (\/\S+) (\/\S+)$/.exec(rest) ?? [];
    const [, name, quoted, plain] = /^(\w+)=(?:"([^"]*)"|(\S+))$/.exec(rest) ?? [];
    if (instruction === 'COPY' && from && path && to) copies.push({ from, paths: [path, to] });
    else if (instruction === 'ENV' && name !== undefined) variables[name] = quoted ?? plain ?? '';
    else if (/^(USER|EXPOSE|ENTRYPOINT|CMD|RUN)$/.test(instruction)) single[instruction] = rest;
    else throw new Error(`the last stage has an unknown instruction: ${line}`);
  }
  return { copies, variables, single };
}

function fromRepository({ copies }: Stage): Copy[] {
  return copies
    .filter(({ from }) => from === 'build')
    .map(({ paths: [path, to] }) => [path.replace('/repository/', ''), to]);
}
