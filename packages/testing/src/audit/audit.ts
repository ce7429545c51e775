/** Runs an audit: every row of the tables against one server. */
import { setTimeout as wait } from 'node:timers/promises';
import { type AuditOptions, type AuditSettings, toSettings } from './options.ts';
import { gradeOf } from './report/grade.ts';
import { record } from './report/record.ts';
import {
  type AuditFinding,
  type AuditReport,
  gives,
  type RecordedExchange,
} from './report/report.ts';
import type { AuditRow, Need, Verdict } from './row.ts';
import { allRows } from './rows/all-rows.ts';
import { explore } from './target/explore.ts';
import { type CallChanges, type Kit, makeCall, type Target } from './target/kit.ts';
import { isServed } from './target/served.ts';
import { makeStranger } from './tokens/sign.ts';
import { createTokenSource, decodeToken } from './tokens/token-source.ts';
import type { Answer } from './wire/answer.ts';
import { exchange, type Peer } from './wire/exchange.ts';
import { exchangeHttp2 } from './wire/exchange-http2.ts';
import { createPace } from './wire/pace.ts';
import type { AuditRequest } from './wire/request.ts';

/**
 * Sends attacks and faults to a server, and reports what it did.
 *
 * It contacts only the host of the URL. It calls no tool, except the one that `writeTool` names. Audit only servers
 * that you are responsible for.
 *
 * @throws {TypeError} for an address or an option that cannot be used.
 * @throws {Error} if the server does not answer at all.
 */
export async function audit(url: string | URL, options: AuditOptions = {}): Promise<AuditReport> {
  const settings = toSettings(url, options);
  const rows = chooseRows(settings);
  const began = performance.now();
  const peer = toPeer(settings.url);
  const pace = createPace(settings.requestsPerSecond);
  const send = async (request: AuditRequest): Promise<Answer> => {
    await pace();
    const timeoutMs = request.timeoutMs ?? settings.timeoutMs;
    return (request.http === 2 ? exchangeHttp2 : exchange)(peer, request, timeoutMs);
  };
  const target = await explore(
    settings,
    peer,
    send,
    rows.some(({ needs }) => needs.includes('http2')),
  );
  if (target.first.end === 'unreachable') {
    throw new Error(`${settings.url.origin} does not answer`);
  }
  const run = await createRun(settings, target, send);
  const findings: AuditFinding[] = [];
  for (const row of rows) {
    findings.push(await run(row));
    settings.onProgress?.(findings.length, rows.length);
  }
  return summarize(settings, findings, performance.now() - began);
}

/** @throws {TypeError} for an unknown id. */
function chooseRows({ themes, rows: chosen }: AuditSettings): readonly AuditRow[] {
  const unknown = chosen?.find((id) => !allRows.some((row) => row.id === id));
  if (unknown !== undefined) throw new TypeError(`rows: there is no row ${unknown}`);
  return allRows.filter(
    ({ id, theme }) => themes.includes(theme) && (chosen?.includes(id) ?? true),
  );
}

type Run = (row: AuditRow) => Promise<AuditFinding>;

/** Prepares the tokens, and returns what runs a row. */
async function createRun(
  settings: AuditSettings,
  target: Target,
  send: (request: AuditRequest) => Promise<Answer>,
): Promise<Run> {
  const published = target.metadata?.['scopes_supported'];
  const scopes = settings.scopes ?? (Array.isArray(published) ? published.map(String) : undefined);
  const source = createTokenSource(settings, scopes);
  const candidate = target.isOpen ? undefined : (settings.token ?? (await source.mint?.()));
  const control = candidate === undefined ? undefined : await send(makeCall(target, candidate));
  const isGood = control !== undefined && isServed(control);
  const token = isGood ? candidate : undefined;
  const secrets = candidate === undefined ? [] : [candidate];
  const stranger = makeStranger();
  const jwt = token === undefined ? undefined : decodeToken(token);
  const call = (changes?: CallChanges) => makeCall(target, token, changes);
  const serves = isGood || target.isOpen;
  let brokenSince: string | undefined;
  const refused =
    control === undefined || isGood
      ? undefined
      : `the server refused the good token with ${control.status || control.end}, so refusals prove nothing`;

  /** Why a row cannot be tried. */
  function obstacle({ needs }: AuditRow): Verdict | undefined {
    const isAbout = (need: Need) => needs.includes(need);
    if (brokenSince !== undefined && isAbout('access')) {
      return {
        outcome: 'left-out',
        found: `the server refuses good messages since ${brokenSince}`,
      };
    }
    if (isAbout('http2') && !target.speaksHttp2) {
      return { outcome: 'not-offered', found: 'the server does not speak HTTP/2' };
    }
    const aboutTokens = isAbout('token') || isAbout('jwt') || isAbout('mint') || isAbout('key');
    if (target.isOpen && aboutTokens) {
      return { outcome: 'not-offered', found: 'the server asks for no token' };
    }
    if (refused !== undefined && (aboutTokens || isAbout('access'))) {
      return { outcome: 'left-out', found: refused };
    }
    if (token !== undefined && jwt === undefined && (isAbout('jwt') || isAbout('key'))) {
      return { outcome: 'not-offered', found: 'the tokens of this server are not JWTs' };
    }
    const has: Readonly<Record<Need, boolean>> = {
      access: target.isOpen || token !== undefined,
      token: token !== undefined,
      jwt: jwt !== undefined,
      mint: source.mint !== undefined,
      key: source.signer !== undefined,
      'write-tool': settings.writeTool !== undefined,
      slow: settings.slowSeconds > 0,
      http2: target.speaksHttp2,
    };
    const missing = needs.find((need) => !has[need]);
    return missing && { outcome: 'left-out', found: `needs ${gives[missing]}` };
  }

  /** After a failure the server must still serve. If it does not, no later row shows anything. */
  async function withAftermath({ id }: AuditRow, verdict: Settled): Promise<Settled> {
    if (verdict.outcome !== 'fail' || !serves) return verdict;
    if (isServed(await send(call()))) return verdict;
    await wait(recoveryMs);
    if (isServed(await send(call()))) return verdict;
    brokenSince = id;
    const found = `${verdict.found}; after that the server refuses good messages`;
    return { ...verdict, severity: verdict.severity === 'critical' ? 'critical' : 'high', found };
  }

  return async (row) => {
    const exchanges: RecordedExchange[] = [];
    const recording = async (request: AuditRequest) => {
      const answer = await send(request);
      exchanges.push(record(request, answer, secrets));
      if (exchanges.length > 4) exchanges.shift();
      return answer;
    };
    const kit: Kit = { ...target, ...source, token, jwt, stranger, call, send: recording };
    const tried = await settle(kit, row, obstacle(row) ?? (await row.run(kit)));
    const verdict = await withAftermath(row, tried);
    const { run: _run, needs: _needs, looksAtForm: _form, ...text } = row;
    return {
      ...text,
      severity: verdict.severity ?? row.severity,
      outcome: verdict.outcome,
      found: verdict.found,
      exchanges: verdict.outcome === 'fail' ? exchanges : [],
    };
  };
}

// A limiter or a restart may need a moment.
const recoveryMs = 1_000;

type Settled = Verdict & { readonly outcome: AuditFinding['outcome'] };

/** 429 is a refusal if a good token still passes. Otherwise it shows only that the audit asked too often. */
async function settle(kit: Kit, row: AuditRow, verdict: Verdict): Promise<Settled> {
  if (verdict.outcome !== 'limited') return verdict as Settled;
  const advice = 'the server limits the address of the audit: raise its limit, or lower the rate';
  if (kit.token !== undefined && !row.needs.includes('access') && row.looksAtForm !== true) {
    if (isServed(await kit.send(kit.call()))) {
      return { outcome: 'pass', found: '429, while a good token still passes' };
    }
  }
  return { outcome: 'left-out', found: advice };
}

function toPeer({ protocol, hostname, port }: URL): Peer {
  const isTls = protocol === 'https:';
  return {
    isTls,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
  };
}

function summarize(
  { url }: AuditSettings,
  findings: readonly AuditFinding[],
  milliseconds: number,
): AuditReport {
  const count = (outcome: AuditFinding['outcome']) =>
    findings.filter((finding) => finding.outcome === outcome).length;
  const missing = Map.groupBy(
    findings.filter(({ outcome }) => outcome === 'left-out'),
    ({ found }) => found,
  );
  return {
    url: url.href,
    at: new Date().toISOString(),
    seconds: Math.round(milliseconds / 100) / 10,
    ...gradeOf(findings),
    counts: {
      pass: count('pass'),
      fail: count('fail'),
      'left-out': count('left-out'),
      'not-offered': count('not-offered'),
    },
    missing: [...missing].map(([what, rows]) => ({ what, rows: rows.length })),
    findings,
  };
}
