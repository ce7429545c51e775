/** Which version of each secret this process uses. A backend only knows which one it read last. */
import type { SecretChange, SecretProvider } from '@sallyport/core';
import type { ConfigListener } from '../config-event.ts';

/** The versions in use, by the names of their secrets. */
export interface VersionsInUse {
  /** Remembers which versions are read at the start and which changes take effect. */
  track(provider: SecretProvider): SecretProvider;
  /** Makes `secret_stale` name the version in use. */
  correct(report: ConfigListener): ConfigListener;
}

export function createVersionsInUse(): VersionsInUse {
  const versions = new Map<string, string>();
  // Backends report `name@latest` as `name`.
  const plain = (name: unknown) => `${name}`.replace(/@latest$/, '');
  return {
    track(provider) {
      const { get, reread, watch, close } = provider;
      return {
        name: provider.name,

        async get(name, context) {
          const lookup = await get.call(provider, name, context);
          if (lookup.found && !versions.has(plain(name))) {
            versions.set(plain(name), lookup.version);
          }
          return lookup;
        },

        ...(reread && { reread: reread.bind(provider) }),
        ...(watch && {
          watch: (name: string, listener: (change: SecretChange) => unknown) =>
            watch.call(provider, name, (change) => {
              if (listener(change) !== false) versions.set(plain(name), change.version);
            }),
        }),
        ...(close && { close: close.bind(provider) }),
      };
    },

    correct: (report) => (event) => {
      const version =
        event.type === 'secret_stale' ? versions.get(plain(event['name'])) : undefined;
      report(version === undefined ? event : { ...event, version });
    },
  };
}
