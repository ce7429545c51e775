import { isIPv4 } from 'node:net';

/**
 * The 4 or 16 bytes of an address.
 *
 * @param address An address for which `isIP` is not 0, without a zone.
 */
export function toBytes(address: string): readonly number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  // `::1.2.3.4` is another spelling of `::102:304`.
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before = '', after] = text.split('::', 2);
  const head = toGroups(before);
  const tail = toGroups(after ?? '');
  const groups = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return groups.flatMap((group) => [group >> 8, group & 255]);
}

function toGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
