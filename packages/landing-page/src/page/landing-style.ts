import { theme } from './theme.ts';

/** The style sheet of the landing page. */
export const landingStyle: string = `${theme}
.snippet { display: flex; align-items: flex-start; gap: .5rem; margin: 0; padding: .375rem .375rem .375rem .875rem; border: 1px solid var(--line); border-radius: .625rem; background: var(--ground); }
.snippet pre { flex: 1; min-width: 0; margin: 0; padding: .4375rem 0; white-space: pre-wrap; }
.snippet button { flex: none; min-width: 4.5rem; border-color: transparent; }
.address { margin-top: 2.25rem; padding: .625rem .625rem .625rem 1.25rem; background: var(--panel); border-radius: .875rem; }
.address pre { padding: .5rem 0; }
.address code { font-size: 1.0625rem; line-height: 1.5; }
.address button { min-height: 2.5rem; min-width: 5.5rem; border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.address button:hover { background: light-dark(#08533c, #82e0bb); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .75rem 1.75rem; margin: 1.5rem 0 0; padding: 0 1.25rem; font-size: .9375rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; grid-column: 2; }
.facts dd + dd { margin-top: -.5rem; }
.facts code { font-size: .875rem; }
.group { margin-top: 3.5rem; }
.group > p { margin-top: .25rem; color: var(--quiet); }
.clients { margin: 1.25rem 0 0; padding: 0; list-style: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
.cards > li { display: flex; flex-direction: column; gap: .625rem; padding: 1.25rem 1.375rem 1.375rem; }
.rows > li { display: grid; gap: .625rem; padding: 1.25rem 1.375rem 1.375rem; border-top: 1px solid var(--line); }
.rows > li:first-child { border-top: 0; }
.rows .title { display: flex; flex-wrap: wrap; align-items: baseline; gap: .125rem .875rem; }
.clients p { font-size: .9375rem; color: var(--quiet); text-wrap: pretty; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; padding-top: .375rem; }
details { font-size: .9375rem; }
summary { width: fit-content; color: var(--quiet); cursor: pointer; }
summary:hover { color: var(--ink); }
details .snippet { margin-top: .625rem; }
footer { margin-top: 3rem; padding: 0 .25rem; font-size: .875rem; color: var(--quiet); }
@media (max-width: 40rem) {
  .facts { grid-template-columns: 1fr; gap: .125rem; padding: 0 .25rem; }
  .facts dd { grid-column: 1; }
  .facts dd + dd { margin-top: 0; }
  .facts dd + dt { margin-top: .75rem; }
  .snippet { flex-wrap: wrap; justify-content: flex-end; gap: 0; padding-left: .75rem; }
  .snippet pre { flex-basis: 100%; padding-right: .375rem; }
  .address { padding: .5rem; }
  .address pre { padding: .5rem .5rem .75rem; }
  .address button { flex: 1; }
  .address code { font-size: .9375rem; }
  .cards > li, .rows > li { padding: 1.125rem 1rem; }
  .group { margin-top: 2.75rem; }
}
`;
