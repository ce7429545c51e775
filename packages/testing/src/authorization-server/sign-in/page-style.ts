/** The one style sheet of the pages. A policy allows it by its digest, so that nothing else applies. */
export const style = `
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
  font: 16px/1.55 Inter, system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; padding: 3rem 1rem; display: grid; align-content: center; justify-items: center; background: var(--ground); color: var(--ink); }
main { width: 100%; max-width: 29rem; padding: 2rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--panel); overflow-wrap: anywhere; box-shadow: 0 1px 2px #0000000d, 0 12px 32px -12px #00000024; }
.brand { display: flex; align-items: center; gap: .625rem; margin: 0 0 1.5rem; font-size: .875rem; color: var(--quiet); }
.brand svg { flex: none; width: 2rem; height: 2rem; }
.mark { fill: var(--accent); }
.bars { fill: none; stroke: var(--on-accent); stroke-width: 1.75; stroke-linecap: round; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 400; letter-spacing: -.015em; text-wrap: balance; }
h1 strong { font-weight: 650; }
section { margin-top: 1.5rem; padding: .875rem 1rem; border-radius: .625rem; background: var(--tint); }
h2 { margin: 0; font-size: .875rem; font-weight: 500; color: var(--quiet); }
ul { display: flex; flex-wrap: wrap; gap: .375rem; margin: .5rem 0 0; padding: 0; list-style: none; }
li code { display: inline-block; padding: .1875rem .5rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--panel); color: var(--ink); }
section p { margin: .25rem 0 0; }
code { font: .8125rem/1.5 ui-monospace, "SF Mono", "JetBrains Mono", "Cascadia Code", Menlo, Consolas, monospace; font-variant-ligatures: none; }
label { display: block; margin-top: 1.5rem; font-size: .875rem; font-weight: 600; }
input { width: 100%; margin-top: .375rem; padding: .625rem .75rem; font: inherit; border: 1px solid var(--field); border-radius: .5rem; background: transparent; color: inherit; }
.buttons { display: flex; flex-direction: row-reverse; gap: .75rem; margin-top: 1.25rem; }
button { flex: 1; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; border: 1px solid var(--field); border-radius: .5rem; background: transparent; color: inherit; cursor: pointer; }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
dl { margin: 1.75rem 0 0; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: .875rem; }
dt { color: var(--quiet); }
dd { margin: 0 0 .75rem; }
.note { margin: 1.25rem 0 0; font-size: .875rem; color: var(--quiet); }
dl + .note { margin-top: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 30rem) {
  body { padding: 1rem; align-content: start; }
  main { padding: 1.5rem 1.25rem; }
}
`;

/** An open gate. It has no name of its own: the text beside it says where the page comes from. */
export const mark =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect class="mark" width="32" height="32" rx="8"/><path class="bars" d="M8.5 25V15.5a7.5 7.5 0 0 1 15 0V25M13.5 8.6V18M18.5 8.6V18M8.7 14.5h14.6"/></svg>';
