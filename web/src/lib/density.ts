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
/** More units than this are drawn tiny, even where they do not fit. */
const mostSmall = 300;

/** The largest size with which everything fits into the area; scrolling begins where even the smallest sensible does not. */
export function sizeFor(units: number, groups: number, width: number, height: number): Size {
  const fits = (size: Size) => {
    const columns = Math.max(1, Math.floor((width + gap) / (size.width + gap)));
    return Math.ceil((units + groups * size.label) / columns) * (size.height + gap) - gap <= height;
  };
  const [, , small, tiny] = sizes;
  return sizes.slice(0, 3).find(fits) ?? (units <= mostSmall ? small : tiny);
}
