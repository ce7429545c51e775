import { detectEnvironment } from '@sallyport/core';
import { allow, createPolicy, deny } from '@sallyport/policy';
import { protect } from '@sallyport/protect/fetch';

const policy = createPolicy((_principal, { kind, name }, given) => {
  if (kind !== 'tool' || name !== 'pay') return allow;
  const { amount } = given as { readonly amount?: unknown };
  return typeof amount === 'number' && amount <= 1_000 ? allow : deny('more than 1,000');
});

const resource = 'https://mcp.example.com/mcp';
const token = 'token-of-ada-0123456789';
const served = await protect(
  {
    resource,
    developmentTokens: { [token]: { clientId: 'ada', scopes: ['payments'] } },
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    tools: { pay: ['payments'] },
    policy,
  },
  () => new Response('paid'),
);

const pay = async (amount: number): Promise<number> => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const params = { name: 'pay', arguments: { amount } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return (await served(new Request(resource, { method: 'POST', headers, body }))).status;
};

export const small = await pay(1_000);
export const large = await pay(1_001);

await served.close();
