export type { DenialEvent } from './list/denial-event.ts';
export type { DenialList, DenialListOptions } from './list/denial-list.ts';
export { createDenialList } from './list/denial-list.ts';
export type { Denied, DeniedParty } from './list/denied.ts';
export { addDenied, createEmptyList, readDenied, removeDenied } from './list/edit-list.ts';
export type { DenialStore } from './stores/denial-store.ts';
