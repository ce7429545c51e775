/** All the scopes that each tool needs: what the gate enforces before a tool runs. */
export const toolScopes = {
  whoami: [],
  hello: ['read:data'],
  list_notes: ['read:data'],
  read_note: ['read:data'],
  write_note: ['write:data'],
  delete_note: ['write:data'],
} as const satisfies Record<string, readonly string[]>;
