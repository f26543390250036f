// How large a unit's tile may be so that the whole fleet is seen without scrolling.

/** Pixels; `label` is how many tiles wide the name of a facility is. */
export interface Size {
  name: 'large' | 'medium' | 'small' | 'tiny';
  width: number;
  height: number;
  label: number;
}

export const gap = 4;
export const sizes: readonly [Size, Size, Size, Size] = [
  { name: 'large', width: 136, height: 86, label: 1 },
  { name: 'medium', width: 108, height: 70, label: 1 },
  { name: 'small', width: 84, height: 56, label: 1 },
  { name: 'tiny', width: 46, height: 24, label: 2 },
];
/** Letters that have room in one line of a tile of this size, in the widest of the usual fonts. */
export const lettersBeside: Record<Size['name'], number> = { large: 18, medium: 15, small: 13, tiny: 0 };
/** More units than this are drawn tiny, even where they do not fit. */
const mostSmall = 300;

/** Rows may be taller than a size asks for by this much, to use the height that is there. */
const stretch = 1.35;

function rowsOf(size: Size, units: number, groups: number, width: number): number {
  const columns = Math.max(1, Math.floor((width + gap) / (size.width + gap)));
  return Math.max(1, Math.ceil((units + groups * size.label) / columns));
}

/**
 * The largest size with which everything fits into the area, its rows stretched to use the height; scrolling begins
 * where even the smallest sensible size does not fit.
 */
export function sizeFor(units: number, groups: number, width: number, height: number): Size {
  const room = (size: Size) => (height + gap) / rowsOf(size, units, groups, width) - gap;
  const [, , small, tiny] = sizes;
  const chosen = sizes.slice(0, 3).find((size) => room(size) >= size.height) ?? (units <= mostSmall ? small : tiny);
  const tallest = chosen.height * stretch;
  return { ...chosen, height: Math.floor(Math.min(tallest, Math.max(chosen.height, room(chosen)))) };
}
