import { auditServers } from './audit-servers.ts';
const results = await auditServers((n) => console.error(n));
for (const { server, report } of results) {
  console.log('##', server.name, report.grade, report.reason, JSON.stringify(report.counts), JSON.stringify(report.missing));
  for (const f of report.findings) if (f.outcome === 'fail') console.log('  ', f.id, f.severity, f.title, '|', f.found);
}
process.exit();
