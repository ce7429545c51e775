import type { ConfigEvent } from '@sallyport/config';
import { failed, passed, type Step, warning } from '../../diagnosis/step.ts';
import type { LoadedSettings } from '../../settings/load-settings.ts';
import { printable } from '../../terminal/printable.ts';

/** How the secret backend fared while the settings were read. Empty where secrets are in the environment. */
export function listSecretSteps({ config, events, problems }: LoadedSettings): readonly Step[] {
  const isNeeded = problems.length > 0;
  const steps = events.flatMap((event) => {
    const step = describe(event, isNeeded);
    return step === undefined ? [] : [step];
  });
  const read = (config?.settings ?? []).filter(({ origin }) => origin.secret !== undefined);
  if (read.length > 0) {
    steps.unshift(passed('secrets', `${read.length} read from ${read[0]?.origin.source}`));
  }
  return steps;
}

function describe(event: ConfigEvent, isNeeded: boolean): Step | undefined {
  const name = `secret ${printable(event['name'])}`;
  const make = (rest: { summary: string; cure: string }) =>
    isNeeded ? failed(name, { ...rest, owner: 'this server' }) : warning(name, rest);
  switch (event.type) {
    case 'secret_access_denied':
      return make({
        summary: 'access is denied',
        cure: `Run this command: ${String(event['remedy'])}`,
      });
    case 'secret_not_found':
      return make({
        summary: 'does not exist',
        cure: 'Create it: printf %s "$VALUE" | gcloud secrets create NAME --data-file=-',
      });
    case 'secret_unavailable':
      return make({
        summary: printable(event['detail']),
        cure: 'Look at the credentials and the network of this machine.',
      });
    case 'secret_trailing_newline':
      return warning(name, {
        summary: 'ends with a newline, which is not used',
        cure: 'Store it with printf %s in place of echo.',
      });
    default:
      return undefined;
  }
}
