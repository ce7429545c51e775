/** What a stand-in keeps, and the person who signs in there. */
import type { Adapter, AdapterPayload, Provider } from 'oidc-provider';

/** Everything that one provider issued. */
export function createStore(): (kind: string) => Adapter {
  const kinds = new Map<string, Map<string, AdapterPayload>>();
  return (kind) => {
    const entries = kinds.get(kind) ?? new Map<string, AdapterPayload>();
    kinds.set(kind, entries);
    return {
      upsert: async (id, payload) => void entries.set(id, payload),
      find: async (id) => entries.get(id),
      findByUid: async (uid) => [...entries.values()].find((entry) => entry.uid === uid),
      findByUserCode: async () => undefined,
      async consume(id) {
        const entry = entries.get(id);
        if (entry !== undefined) entry.consumed = Math.floor(Date.now() / 1_000);
      },
      destroy: async (id) => void entries.delete(id),
      async revokeByGrantId(grantId) {
        for (const [id, entry] of entries) if (entry.grantId === grantId) entries.delete(id);
      },
    };
  };
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

/** Signs `alice` in and grants what is asked for, or shows a page with a button first. */
export function createInteractions(
  provider: Provider,
  audience: string,
  isRefusing: () => boolean,
  showsPage: boolean,
): (context: Context) => Promise<boolean> {
  return async (context) => {
    if (!context.path.startsWith('/interaction/')) return false;
    const interaction = await provider.interactionDetails(context.req, context.res);
    if (showsPage && context.method !== 'POST') {
      context.type = 'html';
      context.body = `<!doctype html><title>Provider</title><form method="post"><button name="decision" value="allow">Sign in</button></form>`;
      return true;
    }
    if (isRefusing()) {
      interaction.result = { error: 'access_denied', error_description: 'a secret reason' };
    } else {
      const accountId = 'alice';
      const grant = new provider.Grant({
        accountId,
        clientId: String(interaction.params['client_id']),
      });
      const scope = String(interaction.params['scope'] ?? '');
      grant.addOIDCScope('openid offline_access');
      grant.addResourceScope(audience, scope);
      interaction.result = { login: { accountId }, consent: { grantId: await grant.save() } };
    }
    await interaction.persist();
    context.redirect(interaction.returnTo);
    context.status = 303;
    return true;
  };
}
