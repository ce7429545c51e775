import type { ConfigEvent, ConfigListener } from '../config-event.ts';
import type { Settings } from '../values/settings.ts';
import { variables } from '../variables/all-variables.ts';

// Secret Manager answers that permission is denied where a secret is absent and only single secrets
// are granted.
const absences = new Set(['secret_not_found', 'secret_access_denied', 'secret_unavailable']);

/** A listener that waits for the end of the start. */
export interface HeldSecretEvents {
  readonly report: ConfigListener;
  /** Reports what explains a problem or a value of the environment, and from then on every event. */
  release(settings: Settings, nameOf: (secret: string) => string): void;
}

/**
 * Holds the events about secrets that were not read until it is known which variables lack a value.
 * A secret may have several names, or be optional: then its absence is no error.
 */
export function holdSecretEvents(report: ConfigListener): HeldSecretEvents {
  let held: ConfigEvent[] | undefined = [];
  return {
    report(event) {
      if (held !== undefined && absences.has(event.type)) held.push(event);
      else report(event);
    },

    release(settings, nameOf) {
      const events = held ?? [];
      held = undefined;
      for (const event of events) if (isError(event, settings, nameOf)) report(event);
    },
  };
}

function isError(
  { type, name }: ConfigEvent,
  settings: Settings,
  nameOf: (secret: string) => string,
): boolean {
  const owner = variables.find(({ secretNames }) => secretNames.map(nameOf).includes(`${name}`));
  if (owner === undefined || settings.isUnknown(owner)) return true;
  const isFromEnvironment = settings.isSet(owner) && settings.secretOf(owner) === undefined;
  return type !== 'secret_not_found' && isFromEnvironment;
}
