/** One HTML page without scripts and without anything from elsewhere. */
import { type AuditFinding, type AuditReport, failuresOf, themesOf } from './report.ts';

// Each pair of colours has a contrast of at least 4.5 on its background (WCAG 2.2 §1.4.3).
const style = `
  :root {
    color-scheme: light dark; --line: #8886; --quiet: light-dark(#5f6368, #a8adb4); --bad: light-dark(#b3261e, #ff8a80);
    --good: light-dark(#1a6e36, #6fdd8b);
  }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { margin-top: 2.5rem; }
  .grade { display: flex; gap: 1rem; align-items: center; margin: 1.5rem 0; }
  .grade b { flex: none; font-size: 3rem; line-height: 1; width: 5rem; padding: 1rem 0; text-align: center; border-radius: .5rem; color: #fff; }
  .A b, .B b { background: #1a6e36; } .C b { background: #8a5a00; } .D b { background: #b34700; } .F b { background: #b3261e; }
  article { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem 1rem; margin: 1rem 0; scroll-margin: 1rem; }
  article h3 { margin-bottom: .2rem; overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: 4rem 1fr; gap: .2rem 1rem; margin: .6rem 0; } dd { margin: 0; overflow-wrap: anywhere; }
  dt, .quiet { color: var(--quiet); }
  h4 { font: inherit; color: var(--quiet); margin: .8rem 0 .2rem; }
  pre { background: #8882; padding: .6rem; margin: 0; border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  .severity { font-size: .8rem; font-weight: 400; padding: .1rem .5rem; border-radius: 1rem; border: 1px solid var(--line); white-space: nowrap; }
  details { border-bottom: 1px solid var(--line); padding: .4rem 0; } summary { cursor: pointer; }
  table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
  td:first-child, td:nth-child(3) { white-space: nowrap; overflow-wrap: normal; }
  .fail { color: var(--bad); } .pass { color: var(--good); }
  @media (max-width: 40rem) {
    thead { display: none; } tr, td, td:first-child { display: block; border: 0; padding: 0; }
    tr { border-top: 1px solid var(--line); padding: .5rem 0; }
    td:first-child, td:nth-child(3) { display: inline; margin-right: .6rem; }
  }
`;

/** Writes a report as a page. */
export function toHtml(report: AuditReport): string {
  const { url, at, seconds, grade, reason, counts, missing, findings } = report;
  const failures = failuresOf(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Grade ${grade}: audit of ${escapeHtml(url)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Audit of ${escapeHtml(url)}</h1>
<p class="quiet">${escapeHtml(at)}, ${findings.length} rows in ${seconds} seconds</p>
<div class="grade ${grade}"><b>${grade}</b><div>${escapeHtml(reason)}<br>
${counts.pass} passed, ${counts.fail} failed, ${counts['left-out']} left out, ${counts['not-offered']} not offered</div></div>
${failures.length === 0 ? '' : `<h2>Failures</h2>\n${failures.map(article).join('\n')}`}
${missing.length === 0 ? '' : `<h2>Left out</h2>\n<ul>${missing.map(({ what, rows }) => `<li>${count(rows, 'row')}: ${escapeHtml(what)}</li>`).join('')}</ul>`}
<h2>Every row</h2>
${themesOf(report)
  .map((theme) => themeTable(theme, report))
  .join('\n')}
</main>
</body>
</html>
`;
}

function article(finding: AuditFinding): string {
  const { id, title, severity, found, right, clause, requirement, exchanges } = finding;
  const last = exchanges.at(-1);
  return `<article id="${id}">
<h3>${writeTitle(title)} <span class="severity">${severity}</span></h3>
<dl><dt>Found</dt><dd>${escapeHtml(found)}</dd><dt>Right</dt><dd>${escapeHtml(right)}</dd>
<dt>Why</dt><dd>${escapeHtml(clause)} (${escapeHtml(requirement)}, ${id})</dd></dl>
${last === undefined ? '' : `<h4>Sent</h4>\n<pre>${escapeHtml(last.sent)}</pre>\n<h4>Received</h4>\n<pre>${escapeHtml(last.received)}</pre>`}
</article>`;
}

/** Open where something failed. */
function themeTable(theme: string, { findings }: AuditReport): string {
  const own = findings.filter((finding) => finding.theme === theme);
  const failed = own.filter(({ outcome }) => outcome === 'fail').length;
  const passed = own.filter(({ outcome }) => outcome === 'pass').length;
  const summary = `${theme} <span class="quiet">${passed} of ${count(own.length, 'row')} passed</span>`;
  const failures = failed === 0 ? '' : ` <span class="fail">${failed} failed</span>`;
  return `<details${failed === 0 ? '' : ' open'}><summary>${summary}${failures}</summary>
<table><thead><tr><th>row</th><th>sent</th><th>result</th><th>found</th></tr></thead>
${own.map(tableRow).join('\n')}</table></details>`;
}

function tableRow({ id, title, outcome, found }: AuditFinding): string {
  const name = outcome === 'fail' ? `<a href="#${id}">${id}</a>` : id;
  const look = outcome === 'fail' || outcome === 'pass' ? outcome : 'quiet';
  return `<tr><td>${name}</td><td>${writeTitle(title)}</td><td class="${look}">${outcome.replace('-', ' ')}</td><td>${escapeHtml(found)}</td></tr>`;
}

const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : 's'}`;

/** Titles have code between backticks. */
function writeTitle(title: string): string {
  return escapeHtml(title).replace(/`([^`]*)`/g, '<code>$1</code>');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
