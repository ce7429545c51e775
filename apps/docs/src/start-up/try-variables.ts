/** What a server says at its start, for given variables. */
import { createGateFromConfig, loadConfig } from '@sallyport/config';

interface Said {
  readonly variable: string;
  readonly problem: string;
}

export interface StartUp {
  readonly problems: readonly Said[];
  readonly warnings: readonly string[];
}

/** Starts with the variables as far as a start goes without the network. */
export async function tryVariables(
  variables: Readonly<Record<string, string>>,
  { composes = false }: { readonly composes?: boolean } = {},
): Promise<StartUp> {
  const warnings: string[] = [];
  try {
    const config = await loadConfig(variables, { nodeArguments: [], onEvent: () => {} });
    warnings.push(...config.warnings);
    if (composes) {
      const { close } = await createGateFromConfig(config, {
        tools: { read_note: ['read:data'], write_note: ['write:data'] },
        audit: { emit: () => {} },
      });
      await close();
    }
    return { problems: [], warnings };
  } catch (error) {
    return { problems: listProblems(error), warnings };
  }
}

function listProblems(error: unknown): readonly Said[] {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => {
    const { option, problem } = Object(each) as { option?: unknown; problem?: unknown };
    if (typeof option !== 'string' || typeof problem !== 'string') throw each;
    return { variable: option, problem };
  });
}
