/** Asks one configured address as the gate would, and says at which step of the connection it ends. */
import { lookup } from 'node:dns/promises';
import type { Config } from '@sallyport/config';
import { isAuthError } from '@sallyport/core';
import { createGuardedFetch } from '@sallyport/guarded-fetch';
import { type AskedAddress, readNetworkFault } from '../diagnosis/network-faults.ts';
import { failed, leftOut, notReached, passed, type Step, warning } from '../diagnosis/step.ts';
import type { Surroundings } from '../surroundings.ts';
import { printable } from '../terminal/printable.ts';
import { type Look, lookAt } from './look-at.ts';

/** What came of it. */
export interface Asked {
  readonly steps: readonly Step[];
  /** The document; `undefined` where there is none. */
  readonly json: unknown;
  readonly status: number | undefined;
  readonly look: Look | undefined;
}

const order = ['address', 'DNS', 'connection', 'TLS', 'answer'] as const;
type ConnectionStep = (typeof order)[number];

// As the gate itself: what is good there must be good here.
const mediaTypes = ['application/jwk-set+json', 'application/json'];
const wrongMediaTypes = [
  '',
  'text/plain',
  'text/json',
  'application/x-json',
  'application/octet-stream',
  'binary/octet-stream',
];
const timeoutSeconds = 5;

/** @param isAnyStatus Whether every status proves that the server is there. Default only 200. */
export async function askAddress(
  address: AskedAddress,
  { environment, network }: Pick<Config, 'environment' | 'network'>,
  { now, signal }: Pick<Surroundings, 'now' | 'signal'>,
  isAnyStatus = false,
): Promise<Asked> {
  const [look, { detail, json, status }] = await Promise.all([
    network.proxyUrl === undefined ? lookAt(address.url, { now, signal }) : undefined,
    askGuarded(address.url, { environment, network, signal }),
  ]);
  const isBad = detail === undefined && status !== 200 && !isAnyStatus;
  // A page is an answer as well, where only the status counts.
  const isPage = isAnyStatus && detail?.includes('Content-Type') === true;
  // The look has seen the first line of an answer.
  const isCut =
    look !== undefined && /^(?:no answer within|the connection ended)/.test(detail ?? '');
  const failure = isCut ? 'the answer began and did not end' : detail;
  const fault = isPage ? undefined : isBad ? `HTTP ${status}` : failure;
  const steps = await listSteps(address, fault, { look, network });
  return { steps, json, status, look };
}

interface GuardedAnswer {
  /** Why there is no answer; `undefined` where there is one. */
  readonly detail?: string;
  readonly json?: unknown;
  readonly status?: number;
}

/** The very request of the gate. */
async function askGuarded(
  url: string,
  {
    environment,
    network,
    signal,
  }: Pick<Config, 'environment' | 'network'> & { readonly signal: AbortSignal },
): Promise<GuardedAnswer> {
  try {
    const client = createGuardedFetch({
      url,
      environment,
      timeoutSeconds,
      mediaTypes,
      wrongMediaTypes,
      allowPrivateNetwork: network.allowPrivateNetwork,
      ...(network.proxyUrl !== undefined && { proxyUrl: network.proxyUrl }),
    });
    try {
      const { json, status } = await client.request({ signal });
      return { json, status };
    } finally {
      await client.close();
    }
  } catch (error) {
    return {
      detail: isAuthError(error) ? (error.detail ?? 'no answer') : (error as Error).message,
    };
  }
}

interface Seen {
  readonly look: Look | undefined;
  readonly network: Config['network'];
}

async function listSteps(
  address: AskedAddress,
  detail: string | undefined,
  { look, network }: Seen,
): Promise<readonly Step[]> {
  const fault = detail === undefined ? undefined : readNetworkFault(detail, address);
  const end = fault === undefined ? order.length : order.indexOf(fault.step);
  const steps: Step[] = [];
  for (const [index, name] of order.entries()) {
    if (index < end) steps.push(await describe(name, address.url, { look, network }));
    else if (index > end) steps.push(notReached(name, 'not reached'));
    else if (fault !== undefined) {
      const found = foundAt(name, look);
      const { owner, cure } = fault;
      steps.push(
        failed(name, {
          summary: printable(detail?.replace(/^(?:DNS|TLS): /, '')),
          ...(found && { found: printable(found) }),
          owner,
          cure,
        }),
      );
    }
  }
  return steps;
}

/** What a person wants to see of the step that failed. */
function foundAt(name: ConnectionStep, look: Look | undefined): string | undefined {
  if (name === 'answer')
    return look?.location === undefined ? undefined : `redirect to ${look.location}`;
  if (name !== 'TLS' || look?.certificate === undefined) return undefined;
  const { names, validUntil } = look.certificate;
  return `a certificate for ${names.join(', ')}, valid until ${dayOf(validUntil)}`;
}

const soonMs = 14 * 86_400_000;

async function describe(name: ConnectionStep, url: string, { look, network }: Seen): Promise<Step> {
  const { host, hostname, protocol } = new URL(url);
  if (network.proxyUrl !== undefined && name !== 'answer') {
    return leftOut(name, `through the proxy ${new URL(network.proxyUrl).host}`);
  }
  switch (name) {
    case 'address':
      return passed(name, url);
    case 'DNS': {
      const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
      return passed(name, found.map(({ address }) => address).join(', ') || hostname);
    }
    case 'connection':
      return passed(name, `to ${host}`);
    case 'TLS': {
      if (protocol === 'http:') return leftOut(name, 'http, on this machine');
      const { certificate } = look ?? {};
      if (certificate === undefined) return passed(name, 'trusted');
      const summary = `${certificate.protocol}, certificate valid until ${dayOf(certificate.validUntil)}`;
      return certificate.validUntil - Date.now() < soonMs
        ? warning(name, { summary, cure: 'Renew the certificate: it ends within two weeks.' })
        : passed(name, summary);
    }
    case 'answer':
      return passed(name, look === undefined ? 'in order' : `HTTP ${look.status}`);
  }
}

function dayOf(milliseconds: number): string {
  return Number.isNaN(milliseconds)
    ? 'an unknown day'
    : new Date(milliseconds).toISOString().slice(0, 10);
}
