/** Finds pieces of some texts in others: twelve characters in a row that are in both. */

/** So many equal characters in a row are no coincidence. */
export const pieceLength = 12;

// Fewer different ones make a pattern that also turns up without the secret, such as a row of dots.
const fewestDifferent = 5;
// 2^26 bits are 8 MB: of a million pieces, one in a thousand others is looked up in vain.
const words = 2 ** 21;
const bits = words * 32;
const [base, otherBase] = [0x01000193, 0x2c1b3c6d];
const leaving = powerOf(base);
const otherLeaving = powerOf(otherBase);

/** A piece, and one of the texts that it is in. */
interface Piece {
  readonly piece: string;
  readonly text: string;
}

/** Texts, and their pieces. */
export interface PieceIndex {
  /**
   * Adds a text. One that is there already costs next to nothing.
   *
   * @returns Whether it was added.
   */
  add(text: string): boolean;
  /** The pieces of a text that are in one of those added. */
  findIn(text: string): readonly Piece[];
}

/**
 * Makes an index whose size does not grow with the pieces, only with the texts: a filter says where
 * it is worth looking, and the texts themselves are the truth.
 *
 * @param maximumCharacters Of a test file that has more, the rest is not looked at.
 */
export function createPieceIndex(maximumCharacters: number): PieceIndex {
  let filter = new Uint32Array(0);
  const texts = new Set<string>();
  let characters = 0;

  const has = (bit: number) => ((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  const set = (bit: number) => {
    filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
  };

  return {
    add(text) {
      if (text.length < pieceLength || texts.has(text)) return false;
      if (characters + text.length > maximumCharacters) return false;
      if (texts.size === 0) filter = new Uint32Array(words);
      characters += text.length;
      texts.add(text);
      forEachPiece(text, (_start, one, other) => {
        set(one);
        set(other);
      });
      return true;
    },

    findIn(text) {
      const found = new Map<string, Piece>();
      if (texts.size === 0) return [];
      forEachPiece(text, (start, one, other) => {
        if (!has(one) || !has(other)) return;
        const piece = text.slice(start, start + pieceLength);
        if (found.has(piece) || new Set(piece).size < fewestDifferent) return;
        for (const known of texts) {
          if (!known.includes(piece)) continue;
          found.set(piece, { piece, text: known });
          return;
        }
      });
      return [...found.values()];
    },
  };
}

function forEachPiece(
  text: string,
  visit: (start: number, one: number, other: number) => void,
): void {
  let hash = 0;
  let otherHash = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    hash = (Math.imul(hash, base) + code) | 0;
    otherHash = (Math.imul(otherHash, otherBase) + code) | 0;
    if (at >= pieceLength) {
      const left = text.charCodeAt(at - pieceLength);
      hash = (hash - Math.imul(left, leaving)) | 0;
      otherHash = (otherHash - Math.imul(left, otherLeaving)) | 0;
    }
    if (at >= pieceLength - 1) visit(at - pieceLength + 1, toBit(hash), toBit(otherHash));
  }
}

function toBit(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) % bits;
}

function powerOf(factor: number): number {
  return Array.from({ length: pieceLength }).reduce<number>((power) => Math.imul(power, factor), 1);
}
