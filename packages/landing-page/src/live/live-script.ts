/** Asks for the state every two seconds, and writes it as text. Nothing of it ever becomes markup. */
export const liveScript = `
const everyMs = 2000;
const memory = 'live-view-key';
const byId = (id) => document.getElementById(id);
const given = document.querySelector('meta[name="live-view-key"]');
if (given) {
  sessionStorage.setItem(memory, given.content);
  given.remove();
  history.replaceState(null, '', '?live-view');
}
const headers = { 'X-Live-View': sessionStorage.getItem(memory) ?? '' };

function make(name, text, className, children = []) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  element.append(...children);
  return element;
}
function say(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}
const milliseconds = (value) => (value < 10 ? value.toFixed(1) : Math.round(value)) + ' ms';
const age = (seconds) =>
  seconds < 90 ? Math.round(seconds) + ' s' : seconds < 5400 ? Math.round(seconds / 60) + ' min' : Math.round(seconds / 3600) + ' h';

function drawChart(slots) {
  const chart = byId('chart');
  const width = 600 / slots.length;
  const peak = Math.max(1, ...slots.map(({ accepted, refused, limited }) => accepted + refused + limited));
  chart.replaceChildren();
  slots.forEach((slot, index) => {
    let top = 120;
    const add = (height, className) => {
      const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      const place = { x: index * width + 1, y: top - height, width: width - 2, height };
      for (const [name, value] of Object.entries(place)) bar.setAttribute(name, value);
      bar.setAttribute('class', className);
      chart.append(bar);
      top -= height;
    };
    if (slot.accepted + slot.refused + slot.limited === 0) add(2, 'slot');
    for (const [kind, tone] of [['accepted', 'good'], ['refused', 'bad'], ['limited', 'careful']]) {
      if (slot[kind] > 0) add((slot[kind] / peak) * 112, tone);
    }
  });
  const sum = (kind) => slots.reduce((total, slot) => total + slot[kind], 0);
  chart.setAttribute('aria-label', 'In the last 10 minutes: ' + sum('accepted') + ' accepted, ' + sum('refused') + ' refused, ' + sum('limited') + ' limited');
  say('peak', 'highest bar: ' + peak + ' in 10 seconds');
}

let shown = '';
function show(state) {
  for (const kind of ['accepted', 'refused', 'limited']) say(kind, state.totals[kind].toLocaleString());
  say('latency', state.latency ? milliseconds(state.latency.median) : '–');
  say('latency-note', state.latency ? '95 % within ' + milliseconds(state.latency.slow) : 'no request yet');
  say('keys', state.keysAgeSeconds === undefined ? '–' : age(state.keysAgeSeconds));
  say('keys-note', state.keysAgeSeconds === undefined ? 'not loaded yet' : 'since they were loaded');
  drawChart(state.slots);
  const lists = JSON.stringify([state.reasons, state.refusals]);
  if (lists === shown) return;
  shown = lists;
  const nothing = () => [make('li', 'No refusal yet.', 'empty')];
  byId('reasons').replaceChildren(
    ...(state.reasons.length === 0 ? nothing() : state.reasons.map(({ code, words, count }) =>
      make('li', undefined, '', [make('code', code), make('span', String(count), 'count'), make('p', words)]))),
  );
  byId('refusals').replaceChildren(
    ...(state.refusals.length === 0 ? nothing() : state.refusals.map(({ at, code, words, detail, operation, count }) => {
      const time = make('time', new Date(at).toLocaleTimeString());
      time.dateTime = new Date(at).toISOString();
      const meta = [time, make('code', code), ...(operation ? [make('span', operation)] : []), ...(count > 1 ? [make('span', count + ' times in a row')] : [])];
      const parts = [make('p', undefined, 'meta', meta), make('p', words)];
      if (detail) parts.push(make('p', undefined, 'detail', [make('code', detail)]));
      return make('li', undefined, '', parts);
    })),
  );
}

let paused = false;
async function refresh() {
  if (!paused && !document.hidden) {
    try {
      const answer = await fetch('?live-view=state', { headers, cache: 'no-store' });
      if (answer.ok) show(await answer.json());
      if (!paused) say('state', answer.ok ? 'Updated every 2 seconds' : 'Open the newest link of the terminal');
    } catch {
      say('state', 'The server does not answer');
    }
  }
  setTimeout(refresh, everyMs);
}
byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').textContent = paused ? 'Continue' : 'Pause';
  say('state', paused ? 'Paused' : 'Updated every 2 seconds');
});
refresh();

const signs = { passed: ['✓', 'good'], failed: ['✗', 'bad'], warning: ['!', 'careful'] };
function showExplanation({ accepted, status, code, steps }) {
  const heading = make('h3', accepted ? 'The gate accepts this token.' : 'The gate refuses this token: ' + status + ' ' + (code ?? ''), accepted ? 'good' : 'bad');
  const checks = make('ul', undefined, 'checks', steps.map((step) => {
    const [sign, tone] = signs[step.state] ?? ['·', 'waiting'];
    const mark = make('span', sign, 'sign');
    mark.setAttribute('aria-label', step.state);
    mark.setAttribute('role', 'img');
    const item = make('li', undefined, tone, [mark, make('span', step.name, 'name'), make('span', step.summary)]);
    const facts = [['expected', step.expected], ['found', step.found], ['whose it is', step.owner], ['cure', step.cure]].filter(([, value]) => value);
    if (facts.length > 0) item.append(make('dl', undefined, '', facts.flatMap(([name, value]) => [make('dt', name), make('dd', value)])));
    return item;
  }));
  byId('explanation').replaceChildren(heading, checks);
}
byId('explain')?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const box = byId('token');
  const token = box.value.trim();
  if (token === '') return box.focus();
  box.value = '';
  const place = byId('explanation');
  place.hidden = false;
  place.replaceChildren(make('p', 'Checking', 'quiet'));
  try {
    const answer = await fetch('?live-view=explain', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (!answer.ok) throw new Error();
    showExplanation(await answer.json());
  } catch {
    place.replaceChildren(make('p', 'The server could not explain it. Open the newest link of the terminal, and try again.', 'quiet'));
  }
});
`;
