export type { LiveView, LiveViewOptions, TokenExplanation } from './live/create-live-view.ts';
export { createLiveView } from './live/create-live-view.ts';
