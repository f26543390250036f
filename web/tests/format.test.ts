import { describe, expect, it } from 'vitest';
import { columns } from '../src/lib/chart';
import { age, degrees } from '../src/lib/format';

describe('words and numbers', () => {
  it('shows degrees in the scale of the unit', () => {
    expect(degrees(-20, 'C')).toBe('−20.0 °C');
    expect(degrees(-20, 'F')).toBe('−4.0 °F');
    expect(degrees(0, 'K')).toBe('273.1 K');
    expect(degrees(null, 'C')).toBe('–');
  });
  it('shows ages', () => {
    expect([0, 40_000, 120_000, 7_200_000 * 2, 86_400_000 * 3].map(age)).toEqual(['just now', '40 s', '2 min', '4 h', '3 d']);
  });
  it('breaks the line at gaps and appends live points once', () => {
    const minute = 60_000;
    const series = { t: [0, minute, 2 * minute, 20 * minute], c: [1, 2, 3, 4], score: [null, null, null, null] };
    const [x, y] = columns(series, [{ t: 20 * minute, c: 9 }, { t: 21 * minute, c: 5 }], 0, 'C');
    expect(y).toEqual([1, 2, 3, null, 4, 5]);
    expect(x.at(-1)).toBe(21 * 60);
  });
});
