/** The one style sheet of the pages. The policy allows it by its digest, so that nothing else applies. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f6f3, #0e1210);
  --panel: light-dark(#ffffff, #161b18);
  --ink: light-dark(#15201a, #e8edea);
  --quiet: light-dark(#55625b, #9caaa2);
  --line: light-dark(#dce2dd, #2b342f);
  --field: light-dark(#74807a, #7d8a83);
  --accent: light-dark(#0a684b, #66d3a8);
  --on-accent: light-dark(#ffffff, #06150e);
  --tint: light-dark(#e9f3ee, #1b2a23);
  --alert: light-dark(#fdf3df, #2e2614);
  --alert-line: light-dark(#b97a0b, #d9a441);
  font: 16px/1.55 Inter, system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; padding: 3rem 1rem; display: grid; align-content: center; justify-items: center; background: var(--ground); color: var(--ink); }
main { width: 100%; max-width: 30rem; padding: 2rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--panel); overflow-wrap: anywhere; box-shadow: 0 1px 2px #0000000d, 0 12px 32px -12px #00000024; }
.brand { display: flex; align-items: center; gap: .625rem; margin: 0 0 1.25rem; font-size: .875rem; color: var(--quiet); }
.brand svg { flex: none; width: 2rem; height: 2rem; }
.mark { fill: var(--accent); }
.bars { fill: none; stroke: var(--on-accent); stroke-width: 1.75; stroke-linecap: round; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.015em; text-wrap: balance; }
section { margin-top: 1.25rem; padding: .875rem 1rem; border-radius: .625rem; background: var(--tint); }
section.alert { background: var(--alert); border-inline-start: .25rem solid var(--alert-line); }
h2 { margin: 0; font-size: .875rem; font-weight: 500; color: var(--quiet); }
section strong { display: block; margin-top: .125rem; font-size: 1.0625rem; font-weight: 650; }
section p { margin: .25rem 0 0; }
ul + p { margin-top: .5rem; }
ul { display: flex; flex-wrap: wrap; gap: .375rem; margin: .5rem 0 0; padding: 0; list-style: none; }
li code { display: inline-block; padding: .1875rem .5rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--panel); color: var(--ink); }
code { font: .8125rem/1.5 ui-monospace, "SF Mono", "JetBrains Mono", "Cascadia Code", Menlo, Consolas, monospace; font-variant-ligatures: none; }
.claim { margin: 1.25rem 0 0; font-size: .9375rem; }
.buttons { display: flex; flex-direction: row-reverse; gap: .75rem; margin-top: 1.5rem; }
button { flex: 1; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; border: 1px solid var(--field); border-radius: .5rem; background: transparent; color: inherit; cursor: pointer; }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.note { margin: 1.25rem 0 0; font-size: .875rem; color: var(--quiet); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 30rem) {
  body { padding: 1rem; align-content: start; }
  main { padding: 1.5rem 1.25rem; }
}
@media (forced-colors: active) { .bars { stroke: Canvas; } }
`;
