/** One HTML page without scripts and without anything from elsewhere. */
import { type AuditFinding, type AuditReport, failuresOf, themesOf } from './report.ts';

const style = `
  :root { color-scheme: light dark; --line: #8884; --quiet: #777; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
  .grade { display: flex; gap: 1rem; align-items: center; margin: 1.5rem 0; }
  .grade b { font-size: 3rem; line-height: 1; width: 5rem; padding: 1rem 0; text-align: center; border-radius: .5rem; color: #fff; }
  .A b, .B b { background: #1a7f37; } .C b { background: #9a6700; } .D b { background: #bc4c00; } .F b { background: #cf222e; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
  article { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem 1rem; margin: 1rem 0; }
  article h3 { margin-bottom: .2rem; } dt { color: var(--quiet); } dd { margin: 0 0 .4rem; }
  pre { background: #8881; padding: .6rem; border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  .severity { font-size: .8rem; padding: .1rem .5rem; border-radius: 1rem; border: 1px solid var(--line); }
  .fail { color: #cf222e; } .quiet { color: var(--quiet); }
`;

/** Writes a report as a page. */
export function toHtml(report: AuditReport): string {
  const { url, at, seconds, grade, reason, counts, missing, findings } = report;
  const failures = failuresOf(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Grade ${grade}: audit of ${escapeHtml(url)}</title>
<style>${style}</style>
</head>
<body>
<h1>Audit of ${escapeHtml(url)}</h1>
<p class="quiet">${escapeHtml(at)}, ${findings.length} rows in ${seconds} seconds</p>
<div class="grade ${grade}"><b>${grade}</b><div>${escapeHtml(reason)}<br>
${counts.pass} passed, ${counts.fail} failed, ${counts['left-out']} left out, ${counts['not-offered']} not offered</div></div>
${failures.length === 0 ? '' : `<h2>Failures</h2>\n${failures.map(article).join('\n')}`}
${missing.length === 0 ? '' : `<h2>Left out</h2>\n<ul>${missing.map(({ what, rows }) => `<li>${rows} rows: ${escapeHtml(what)}</li>`).join('')}</ul>`}
<h2>Every row</h2>
${themesOf(report)
  .map((theme) => themeTable(theme, report))
  .join('\n')}
</body>
</html>
`;
}

function article(finding: AuditFinding): string {
  const { id, title, severity, found, right, clause, requirement, exchanges } = finding;
  const last = exchanges.at(-1);
  return `<article id="${id}">
<h3>${escapeHtml(title)} <span class="severity">${severity}</span></h3>
<dl><dt>Found</dt><dd>${escapeHtml(found)}</dd><dt>Right</dt><dd>${escapeHtml(right)}</dd>
<dt>Why</dt><dd>${escapeHtml(clause)} (${escapeHtml(requirement)}, ${id})</dd></dl>
${last === undefined ? '' : `<pre>${escapeHtml(last.sent)}</pre>\n<pre>${escapeHtml(last.received)}</pre>`}
</article>`;
}

function themeTable(theme: string, { findings }: AuditReport): string {
  const rows = findings
    .filter((finding) => finding.theme === theme)
    .map(
      ({ id, title, outcome, found }) =>
        `<tr><td>${outcome === 'fail' ? `<a href="#${id}">${id}</a>` : id}</td><td>${escapeHtml(title)}</td><td class="${outcome === 'fail' ? 'fail' : outcome === 'pass' ? '' : 'quiet'}">${outcome.replace('-', ' ')}</td><td>${escapeHtml(found)}</td></tr>`,
    );
  return `<details><summary>${theme}</summary>
<table><tr><th>row</th><th>sent</th><th>result</th><th>found</th></tr>
${rows.join('\n')}</table></details>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
