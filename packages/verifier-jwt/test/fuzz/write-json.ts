/** Writes objects as text, member by member, and spoils the text. */
import type { Change, Member, Wrapping } from './recipe.ts';

/** @returns JSON, unless a member's text is none. */
export function writeObject(members: readonly Member[], changes: readonly Change[]): string {
  const space = changes.some(({ kind }) => kind === 'space') ? ' \r\n\t' : '';
  const written = changes.reduce<readonly Written[]>(
    applyChange,
    members.map(([name, json]) => ({ name, spelling: JSON.stringify(name), json })),
  );
  const texts = written.map(
    ({ spelling, json }) => `${space}${spelling}${space}:${space}${json}${space}`,
  );
  return `${space}{${texts.join(',')}${space}}${space}`;
}

interface Written {
  readonly name: string;
  readonly spelling: string;
  readonly json: string;
}

function applyChange(members: readonly Written[], change: Change): readonly Written[] {
  if (!('name' in change)) return change.kind === 'reverse' ? members.toReversed() : members;
  const { name } = change;
  const spelling = JSON.stringify(name);
  switch (change.kind) {
    case 'set': {
      const others = members.filter((member) => member.name !== name);
      return [...others, { name, spelling, json: change.json }];
    }
    case 'append':
      return [...members, { name, spelling, json: change.json }];
    case 'drop':
      return members.filter((member) => member.name !== name);
    case 'duplicate':
      return members.flatMap((member) =>
        member.name === name ? [member, { ...member, spelling: escapeFirst(spelling) }] : [member],
      );
    case 'escape':
      return members.map((member) =>
        member.name === name
          ? { name, spelling: escapeFirst(spelling), json: escapeFirst(member.json) }
          : member,
      );
  }
}

/** The same string in other letters: its first one as an escape. Whatever is no string stays. */
function escapeFirst(json: string): string {
  if (!/^"[a-z_]/i.test(json)) return json;
  return `"\\u${json.charCodeAt(1).toString(16).padStart(4, '0')}${json.slice(2)}`;
}

const edits = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '.', ' ', '\0', '\u00a0'];
const wrongBytes = [
  ...[[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xed, 0xb0, 0x80], [0xf4, 0x90, 0x80, 0x80]],
  ...[[0xe2, 0x82], [0x80], [0xf0, 0x80, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0xef, 0xbf, 0xbd], [0]],
];

/** @param place Says where, for whatever is done somewhere. */
export function wrap(text: string, wrapping: Wrapping, place: number): Buffer {
  const at = place % text.length;
  const which = Math.floor(place / text.length);
  switch (wrapping) {
    case 'none':
      return Buffer.from(text);
    case 'list':
      return Buffer.from(`[${text}]`);
    case 'string':
      return Buffer.from(JSON.stringify(text));
    case 'null':
      return Buffer.from('null');
    case 'empty':
      return Buffer.alloc(0);
    case 'twice':
      return Buffer.from(text + text);
    case 'truncated':
      return Buffer.from(text.slice(0, at));
    case 'trailing':
      return Buffer.from(`${text},`);
    case 'mark':
      return Buffer.from(`\ufeff${text}`);
    case 'UTF-16':
      return Buffer.from(text, 'utf16le');
    case 'edit': {
      const added = edits[which % (edits.length + 1)] ?? '';
      const removed = which % 3 === 0 || added === '' ? 1 : 0;
      return Buffer.from(text.slice(0, at) + added + text.slice(at + removed));
    }
    case 'bytes': {
      const bytes = Buffer.from(text);
      const wrong = Buffer.from(wrongBytes[which % wrongBytes.length] ?? []);
      return Buffer.concat([bytes.subarray(0, at), wrong, bytes.subarray(at)]);
    }
  }
}
