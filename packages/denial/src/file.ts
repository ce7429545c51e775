export type { FileDenialStoreOptions } from './stores/file-store.ts';
export { createFileDenialStore } from './stores/file-store.ts';
