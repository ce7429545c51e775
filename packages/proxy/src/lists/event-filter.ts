/** Filters the messages of an event stream (HTML, "Server-sent events"). */
import type { EventFilter } from '../http/answer-writer.ts';

// Longer than any list. A stream that is filtered holds one event in memory.
const maximumEventCharacters = 8_388_608;
// A carriage return at the end of the text may be the first half of a line break.
const eventEnd = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n|$))/;
const longestEnd = 4;

/** @param filter Returns the message in its place, or `undefined` for what is no JSON: that stays as it is. */
export function createEventFilter(filter: (message: string) => string | undefined): EventFilter {
  const decoder = new TextDecoder();
  let rest = '';

  function filterEvent(event: string): string {
    const lines = event.split(/\r\n|\n|\r/);
    const data = lines.filter(isData).map((line) => line.slice(5).replace(/^ /, ''));
    const message = data.length === 0 ? undefined : filter(data.join('\n'));
    if (message === undefined) return event;
    const others = lines.filter((line) => line !== '' && !isData(line));
    return [...others, `data: ${message}`, '', ''].join('\n');
  }

  return {
    push(chunk) {
      // What was searched before cannot hold a whole end of an event.
      let from = Math.max(0, rest.length - longestEnd);
      rest += decoder.decode(chunk, { stream: true });
      let sent = '';
      for (;;) {
        const match = eventEnd.exec(rest.slice(from));
        if (match === null) break;
        const end = from + match.index + match[0].length;
        sent += filterEvent(rest.slice(0, end));
        rest = rest.slice(end);
        from = 0;
      }
      return rest.length > maximumEventCharacters ? undefined : sent;
    },

    end() {
      // Clients drop an event without its blank line, so an incomplete one is not sent.
      return /[\r\n]{2}$/.test(rest) ? filterEvent(rest) : '';
    },
  };
}

/** The field `data`, also without a value. */
function isData(line: string): boolean {
  return line === 'data' || line.startsWith('data:');
}
