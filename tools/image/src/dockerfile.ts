/** What the last stage of a Dockerfile says, as data. */
export interface LastStage {
  /** Copies out of the repository: a path in it, and a path in the image. */
  readonly copies: readonly (readonly [from: string, to: string])[];
  readonly variables: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** @throws {Error} When the stage has an instruction that this function does not know. */
export function readLastStage(text: string): LastStage {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')) + 1);
  const copies: [string, string][] = [];
  const variables: Record<string, string> = {};
  const single: Record<string, string> = {};
  for (const line of stage) {
    const [, instruction = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const [, from, to] = /^--from=build --chown=0:0 \/repository\/(\S+) (\/\S+)$/.exec(rest) ?? [];
    const [, name, quoted, plain] = /^(\w+)=(?:"([^"]*)"|(\S+))$/.exec(rest) ?? [];
    if (instruction === 'COPY' && from !== undefined && to !== undefined) copies.push([from, to]);
    else if (instruction === 'ENV' && name !== undefined) variables[name] = quoted ?? plain ?? '';
    else if (/^(USER|EXPOSE|ENTRYPOINT|CMD)$/.test(instruction)) single[instruction] = rest;
    else throw new Error(`the last stage has an unknown instruction: ${line}`);
  }
  const { USER: user = '', ENTRYPOINT: entrypoint = '[]', CMD: command = '[]' } = single;
  return {
    copies,
    variables,
    user,
    entrypoint: JSON.parse(entrypoint) as string[],
    command: JSON.parse(command) as string[],
  };
}
