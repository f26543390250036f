import { describe, expect, it } from 'vitest';
import { rowsOf } from '../src/lib/numbers';
import type { AlarmNumbers } from '../src/lib/types';

const quiet: AlarmNumbers = {
  operators: 1,
  alarms: 0, critical: 0, warning: 0, retroactive: 0, suppressed: 0, per_operator_10_min: 0, per_operator_day: 0, most_in_10_min: 0, most_active: 0, floods: [], share_in_flood: 0,
  chattering: [], fleeting: 0, stale: 0, top: [], share_of_top: 0, acknowledged: 0, seconds_to_acknowledge: { median: null, p90: null, longest: null },
};
const source = { unit_id: 'u', unit_code: 'u1', customer_code: 'A', rule_id: 2, rule: 'high_limit' as const, alarms: 3 };
const cells = (name: string, ...periods: AlarmNumbers[]) => rowsOf(periods).find((row) => row.name === name)?.cells;

describe('the numbers of the alarm system', () => {
  it('are within the norm when nothing happened', () => {
    const rows = rowsOf([quiet, quiet]);
    expect(rows.every((row) => row.cells.length === 2 && row.cells.every((cell) => !cell.over))).toBe(true);
    expect(cells('Critical', quiet)).toEqual([{ text: '0 (0 %)', over: false }]);
    expect(cells('Time to acknowledge: median', quiet)?.[0]?.text).toBe('–');
  });
  it('are marked beyond the norm, and not at it', () => {
    const at = { ...quiet, per_operator_day: 144, per_operator_10_min: 1, most_in_10_min: 10, share_in_flood: 0.0099, share_of_top: 0.049 };
    const beyond = { ...quiet, per_operator_day: 144.1, per_operator_10_min: 1.01, most_in_10_min: 11, share_in_flood: 0.01, share_of_top: 0.05, chattering: [source] };
    expect(rowsOf([at]).flatMap((row) => row.cells).filter((cell) => cell.over)).toEqual([]);
    expect(rowsOf([beyond]).filter((row) => row.cells[0]?.over).map((row) => row.name)).toEqual([
      'An operator and day', 'An operator and 10 min', 'Most in 10 min', 'Time in floods', 'Chattering rules', 'Share of the ten most frequent',
    ]);
  });
  it('are written so that little is not none', () => {
    const some = { ...quiet, alarms: 30, critical: 2, acknowledged: 29, per_operator_day: 4.286, per_operator_10_min: 0.00297, share_in_flood: 0.004, seconds_to_acknowledge: { median: 190, p90: 1260, longest: 9000 } };
    expect(cells('An operator and day', some)?.[0]?.text).toBe('4.3');
    expect(cells('An operator and 10 min', some)?.[0]?.text).toBe('< 0.01');
    expect(cells('Time in floods', some)?.[0]?.text).toBe('0.4 %');
    expect(cells('Critical', some)?.[0]?.text).toBe('2 (6.7 %)');
    expect(cells('Acknowledged', some)?.[0]?.text).toBe('29 of 30');
    expect(cells('… longest', some)?.[0]?.text).toBe('2 h 30 min');
  });
});
