import type { GateAnswer } from '@sallyport/mcp-adapter';

/** Says that another `Accept` would get another answer at this address (RFC 9110 §12.5.5). */
export function varyByAccept(answer: GateAnswer): GateAnswer {
  const others = Object.entries(answer.headers).find(([name]) => name.toLowerCase() === 'vary');
  const names = others === undefined ? [] : others[1].split(/\s*,\s*/);
  if (names.some((name) => /^(?:accept|\*)$/i.test(name))) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, [others?.[0] ?? 'Vary']: [...names, 'Accept'].join(', ') },
  };
}
