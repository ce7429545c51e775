/** The live view. Only `start.ts` imports it, so the container has nothing of it. */
import type { Config } from '@sallyport/config';
import { createLiveView, type LiveView } from '@sallyport/landing-page/development';
import { explainToken, summarize } from 'sallyport/explain';

/** Opens the live view of one gate. `onLink` receives the path and query that work once. */
export type OpenLiveView = (config: Config, onLink: (link: string) => void) => LiveView;

export const openLiveView: OpenLiveView = (config, onLink) =>
  createLiveView({
    environment: config.environment,
    onLink,
    explain: async (token, signal) =>
      summarize(await explainToken(config, token, { signal, now: Date.now })),
  });
