import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { type AuditFinding, type AuditReport, writeReport } from '../src/audit.ts';

const require = createRequire(import.meta.url);
const readJson = (file: string): object => JSON.parse(readFileSync(file, 'utf8'));

const finding: AuditFinding = {
  id: 'audience-02',
  theme: 'audience',
  title: 'a token for `https://audit.example/<b>`',
  requirement: 'an id',
  clause: 'RFC 7519 §4.1.3',
  right: 'answers 401',
  outcome: 'fail',
  severity: 'critical',
  found: '200: <script>alert(1)</script>',
  exchanges: [{ sent: 'POST /mcp HTTP/1.1', received: '200\n\n<img src=x>' }],
};
const rows: readonly AuditFinding[] = [
  finding,
  { ...finding, id: 'audience-01', outcome: 'pass', severity: 'high', exchanges: [] },
  { ...finding, id: 'audience-03', severity: 'medium' },
  { ...finding, id: 'expiry-01', theme: 'expiry', severity: 'low' },
  { ...finding, id: 'expiry-02', theme: 'expiry', outcome: 'left-out', exchanges: [] },
  { ...finding, id: 'http2-01', theme: 'http2', outcome: 'not-offered', exchanges: [] },
];
const report: AuditReport = {
  url: 'http://localhost:8000/mcp?a=1&b="2"',
  at: '2026-11-27T12:00:00.000Z',
  seconds: 1.5,
  grade: 'F',
  reason: '1 critical, such as audience-02',
  counts: { pass: 1, fail: 3, 'left-out': 1, 'not-offered': 1 },
  missing: [{ what: 'needs a token', rows: 1 }],
  findings: rows,
};

describe('the report of an audit', () => {
  const validate = new Ajv({ schemaId: 'id', meta: false, unknownFormats: 'ignore' })
    .addMetaSchema(readJson(require.resolve('ajv/lib/refs/json-schema-draft-04.json')))
    .compile(readJson(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')));
  const problemsOf = (log: unknown) => {
    validate(log);
    return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
  };

  it.each([
    ['with failures', report],
    ['without a row', { ...report, findings: [], missing: [] }],
  ])('%s is valid SARIF 2.1.0', (_name, given) => {
    const log = JSON.parse(writeReport(given, 'sarif'));

    expect(problemsOf(log)).toEqual([]);
    expect(log.runs[0].results).toHaveLength(given.findings.length === 0 ? 0 : 3);
  });

  it.each([
    ['level', 'fatal'],
    ['message', 'a text'],
    ['ruleId', 7],
  ])('has a SARIF schema that refuses a wrong %s', (member, value) => {
    const log = JSON.parse(writeReport(report, 'sarif'));
    Object.assign(log.runs[0].results[0], { [member]: value });

    expect(problemsOf(log)).not.toEqual([]);
  });

  it('is a page that runs nothing, and shows nothing of the server as markup', () => {
    const page = writeReport(report, 'html');

    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(/<script|<img|<b>`|<link/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('<code>https://audit.example/&lt;b&gt;</code>');
  });

  it('opens the themes in which something failed, and counts in words', () => {
    const page = writeReport(report, 'html');

    expect(page).toContain(
      '<details open><summary>audience <span class="quiet">1 of 3 rows passed</span> <span class="fail">2 failed</span>',
    );
    expect(page).toContain(
      '<details><summary>http2 <span class="quiet">0 of 1 row passed</span></summary>',
    );
    expect(page).toContain('<li>1 row: needs a token</li>');
  });
});
