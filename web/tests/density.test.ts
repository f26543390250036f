import { describe, expect, it } from 'vitest';
import { gap, sizeFor } from '../src/lib/density';

describe('the size of the tiles', () => {
  it('is the largest with which the fleet is seen at once', () => {
    expect(sizeFor(12, 3, 1000, 700).name).toBe('large');
    expect(sizeFor(94, 21, 1372, 1000).name).toBe('medium');
    expect(sizeFor(94, 21, 900, 720).name).toBe('small');
  });
  it('leaves a small fleet readable on a telephone, and a large one together', () => {
    expect(sizeFor(94, 21, 370, 300).name).toBe('small');
    expect(sizeFor(1000, 200, 900, 720).name).toBe('tiny');
  });
  it('uses the height that is there, within reason', () => {
    const rows = Math.ceil((94 + 21) / Math.floor((1372 + gap) / (108 + gap)));
    const size = sizeFor(94, 21, 1372, 1000);
    expect(size.height).toBeGreaterThan(70);
    expect(rows * (size.height + gap) - gap).toBeLessThanOrEqual(1000);
    expect(sizeFor(1, 1, 1372, 1000).height).toBeLessThan(130);
    expect(sizeFor(94, 21, 370, 300).height).toBe(56);
  });
  it('has an answer before anything is laid out', () => {
    expect(sizeFor(0, 0, 0, 0)).toMatchObject({ name: 'small', height: 56 });
  });
});
