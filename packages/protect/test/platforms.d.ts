/** The parts of Deno and Bun that the snippets use. */
declare const Deno: {
  serve(
    options: { readonly port: number },
    handler: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname: string } },
    ) => Response | Promise<Response>,
  ): unknown;
};
declare const Bun: {
  serve(options: {
    readonly port: number;
    readonly fetch: (
      request: Request,
      server: { requestIP(request: Request): { readonly address: string } | null },
    ) => Response | Promise<Response>;
  }): unknown;
};
