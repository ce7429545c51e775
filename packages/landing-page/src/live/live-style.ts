import { theme } from '../page/theme.ts';

/** The style sheet of the live view. */
export const liveStyle: string = `${theme}
:root {
  --bad: light-dark(#a8281f, #ff9c8f);
  --careful: light-dark(#855700, #f0b955);
}
.page { max-width: 68rem; padding-top: 2.5rem; }
.good { --tone: var(--accent); }
.bad { --tone: var(--bad); }
.careful { --tone: var(--careful); }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1rem; }
.top h1 { margin: 0; font-size: 1.5rem; }
.top > div:first-of-type { flex: 1 1 16rem; min-width: 0; }
.top p { color: var(--quiet); font-size: .9375rem; }
.clock { display: flex; align-items: center; gap: .875rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; margin: 1.75rem 0 0; }
.tile { padding: 1rem 1.125rem; }
.tile dt { font-size: .875rem; color: var(--quiet); }
.tile dd { margin: .125rem 0 0; font-size: 1.75rem; font-weight: 650; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; color: var(--tone, var(--ink)); }
.tile small { display: block; min-height: 1.25rem; font-size: .8125rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); }
.block { margin-top: .75rem; padding: 1.25rem 1.375rem; min-width: 0; }
.block h2 { font-size: 1.0625rem; }
.heading { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1rem; }
.legend { display: flex; gap: 1rem; margin: 0; padding: 0; list-style: none; font-size: .875rem; color: var(--quiet); }
.legend li::before { content: ""; display: inline-block; width: .625rem; height: .625rem; margin-right: .375rem; border-radius: .1875rem; background: var(--tone); }
#chart { display: block; width: 100%; height: 9rem; margin-top: 1rem; border-bottom: 1px solid var(--line); }
#chart rect { fill: var(--tone); }
#chart .slot { fill: var(--tint); }
.axis { display: flex; justify-content: space-between; margin-top: .375rem; font-size: .8125rem; color: var(--quiet); }
.columns { display: grid; grid-template-columns: 2fr 3fr; gap: 0 .75rem; align-items: start; }
.reasons, .refusals { margin: .75rem 0 0; padding: 0; list-style: none; }
.reasons li { display: grid; grid-template-columns: 1fr auto; gap: .125rem 1rem; padding: .625rem 0; border-top: 1px solid var(--line); }
.reasons li:first-child, .refusals li:first-child { border-top: 0; }
.reasons .count { font-weight: 650; font-variant-numeric: tabular-nums; }
.reasons p { grid-column: 1 / -1; font-size: .875rem; color: var(--quiet); }
.refusals li { padding: .75rem 0; border-top: 1px solid var(--line); font-size: .9375rem; }
.refusals .meta { display: flex; flex-wrap: wrap; gap: .125rem .75rem; font-size: .8125rem; color: var(--quiet); }
.refusals .meta code { color: var(--bad); }
.refusals .detail { margin-top: .25rem; color: var(--quiet); }
.refusals .detail code { font-size: .8125rem; }
.empty { color: var(--quiet); }
form { margin-top: 1rem; }
label { display: block; font-size: .875rem; font-weight: 600; }
textarea { display: block; width: 100%; margin: .375rem 0 .75rem; padding: .625rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--ground); color: inherit; font: .8125rem/1.6 var(--mono); resize: vertical; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
#explanation { margin-top: 1.5rem; }
#explanation h3 { color: var(--tone); font-size: 1.0625rem; }
.checks { margin: .75rem 0 0; padding: 0; list-style: none; }
.checks li { display: grid; grid-template-columns: 1.25rem 6.5rem 1fr; gap: 0 .5rem; padding: .3125rem 0; }
.checks .sign { color: var(--tone, var(--quiet)); font-weight: 700; }
.checks .waiting { color: var(--quiet); }
.checks .name { font-weight: 550; }
.checks dl { grid-column: 3; display: grid; grid-template-columns: max-content 1fr; gap: .125rem .75rem; margin: .25rem 0 .375rem; font-size: .9375rem; }
.checks dt { color: var(--quiet); }
.checks dd { margin: 0; }
@media (max-width: 52rem) { .columns { grid-template-columns: 1fr; } }
@media (max-width: 40rem) {
  .page { padding-top: 1.25rem; }
  .clock { width: 100%; justify-content: space-between; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); margin-top: 1.25rem; }
  .tile dd { font-size: 1.5rem; }
  .block { padding: 1rem; }
  .checks li { grid-template-columns: 1.25rem 1fr; }
  .checks .name + span, .checks dl { grid-column: 2; }
  .checks dl { grid-template-columns: 1fr; gap: 0; }
  .checks dd + dt { margin-top: .375rem; }
}
`;
