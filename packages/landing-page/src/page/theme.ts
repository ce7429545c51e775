/** Colours, type and the parts that every page of this package has. */
export const theme = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f6f3, #0e1210);
  --panel: light-dark(#ffffff, #161b18);
  --ink: light-dark(#15201a, #e8edea);
  --quiet: light-dark(#55625b, #9caaa2);
  --line: light-dark(#dce2dd, #2b342f);
  --edge: light-dark(#74807a, #7d8a83);
  --accent: light-dark(#0a684b, #66d3a8);
  --on-accent: light-dark(#ffffff, #06150e);
  --tint: light-dark(#e9f3ee, #1b2a23);
  --mono: ui-monospace, "SF Mono", "JetBrains Mono", "Cascadia Code", Menlo, Consolas, monospace;
  font: 16px/1.55 Inter, system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; overflow-wrap: anywhere; }
.page { max-width: 51rem; margin: 0 auto; padding: 4rem 1.5rem 4rem; }
.mark { display: block; width: 2.5rem; height: 2.5rem; }
.mark rect { fill: var(--accent); }
.mark path { fill: none; stroke: var(--on-accent); stroke-width: 1.75; stroke-linecap: round; }
h1 { margin: 1.25rem 0 0; font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem); line-height: 1.15; font-weight: 650; letter-spacing: -.022em; text-wrap: balance; }
h2 { margin: 0; font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.012em; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; }
p { margin: 0; }
.lead { margin-top: .75rem; max-width: 36rem; font-size: 1.125rem; color: var(--quiet); text-wrap: pretty; }
.quiet { color: var(--quiet); }
code, pre { font: .8125rem/1.6 var(--mono); font-variant-ligatures: none; }
.panel { border: 1px solid var(--line); border-radius: .875rem; background: var(--panel); }
.button, button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.25rem; padding: .3125rem .875rem; border: 1px solid var(--edge); border-radius: .5rem; background: transparent; color: var(--ink); font: inherit; font-size: .875rem; font-weight: 550; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer; }
.button:hover, button:hover { border-color: var(--accent); }
.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.primary:hover { background: light-dark(#08533c, #82e0bb); }
.soft { border-color: transparent; background: var(--tint); color: var(--accent); }
.soft:hover { border-color: var(--accent); }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.chips { display: flex; flex-wrap: wrap; gap: .375rem; margin: 0; padding: 0; list-style: none; }
.chips code { display: inline-block; padding: .125rem .5rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--tint); }
@media (max-width: 40rem) {
  .page { padding: 2rem 1rem 3rem; }
  .lead { font-size: 1rem; }
}
@media (forced-colors: active) { .mark path { stroke: Canvas; } }
`;
