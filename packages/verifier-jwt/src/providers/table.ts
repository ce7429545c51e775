/**
 * The table of providers. To add one, write its file, and add its line here, in `presets.ts` and in
 * `known-providers.ts`. The test of the presets then asks for a fixture of its tokens.
 *
 * The three lists name each row, because a bundle keeps all members of a namespace.
 */
export { auth0 } from './auth0.ts';
export { authentik } from './authentik.ts';
export { clerk } from './clerk.ts';
export { cognito } from './cognito.ts';
export { descope } from './descope.ts';
export { entra } from './entra.ts';
export { firebase } from './firebase.ts';
export { google } from './google.ts';
export { googleIap } from './google-iap.ts';
export { keycloak } from './keycloak.ts';
export { logto } from './logto.ts';
export { okta } from './okta.ts';
export { oryHydra } from './ory-hydra.ts';
export { ping } from './ping.ts';
export { stytch } from './stytch.ts';
export { supabase } from './supabase.ts';
export { workos } from './workos.ts';
export { zitadel } from './zitadel.ts';
