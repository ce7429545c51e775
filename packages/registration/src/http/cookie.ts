/** The cookie that ties a flow to the browser whose person said yes. */

/** Where the cookie is for: its name, and whether it may travel over http. */
export interface FlowCookie {
  set(flow: string, value: string, seconds: number): string;
  remove(flow: string): string;
  /** The value. `undefined` where the browser sent none, or several of the same name. */
  read(flow: string, fields: readonly string[]): string | undefined;
}

/**
 * @param isSecure False only for http on this computer, in development: not every browser keeps a `Secure` cookie there.
 */
export function createFlowCookie(isSecure: boolean): FlowCookie {
  const prefix = isSecure ? '__Host-sallyport-' : 'sallyport-';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return {
    set: (flow, value, seconds) => `${prefix}${flow}=${value}; Max-Age=${seconds}; ${attributes}`,
    remove: (flow) =>
      `${prefix}${flow}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; ${attributes}`,

    read(flow, fields) {
      const start = `${prefix}${flow}=`;
      const pairs = fields.join('; ').split(/; ?/);
      const values = pairs.filter((pair) => pair.startsWith(start));
      return values.length === 1 ? values[0]?.slice(start.length) : undefined;
    },
  };
}
