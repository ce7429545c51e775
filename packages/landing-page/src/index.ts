export type { LandingPageOptions } from './create-landing-page.ts';
export { createLandingPage } from './create-landing-page.ts';
