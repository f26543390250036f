import { describe, expect, it } from 'vitest';
import { columns, dots, sparkline } from '../src/lib/chart';
import { age, ago, degrees, degreesNow, plainlyNow, range, ruleInWords, shortRange, stageInWords, worstInWords } from '../src/lib/format';
import type { Alarm, Unit } from '../src/lib/types';

describe('words and numbers', () => {
  it('shows degrees in the scale of the unit', () => {
    expect(degrees(-20, 'C')).toBe('−20.0 °C');
    expect(degrees(-20, 'F')).toBe('−4.0 °F');
    expect(degrees(0, 'K')).toBe('273.1 K');
    expect(degrees(null, 'C')).toBe('–');
    expect(degrees(-0.04, 'C')).toBe('0.0 °C');
    expect(degrees(-10.04, 'C')).toBe('−10.0 °C');
    expect(shortRange(-25, -18.5, 'C')).toBe('−25/−18.5');
    expect(range(2, 8, 'C')).toBe('2 to 8 °C');
  });
  it('shows what is beyond a limit as beyond it', () => {
    const unit = { temperature_unit: 'C', low_c: 0, high_c: 8, current_temperature_c: 8.04 } as Unit;
    expect(degreesNow(unit)).toBe('8.04 °C');
    expect(plainlyNow({ ...unit, current_temperature_c: 8.001 })).toBe('8.001');
    expect(plainlyNow({ ...unit, current_temperature_c: -0.04 })).toBe('−0.04');
    expect(plainlyNow({ ...unit, current_temperature_c: 8.06 })).toBe('8.1');
    expect(plainlyNow({ ...unit, current_temperature_c: 7.96 })).toBe('8.0'); // within
    expect(plainlyNow({ ...unit, current_temperature_c: 8 })).toBe('8.0');
    expect(degreesNow({ ...unit, temperature_unit: 'F', current_temperature_c: 8.01 })).toBe('46.42 °F');
    expect(degreesNow({ ...unit, current_temperature_c: null })).toBe('–');
  });
  it('says what an alarm is about', () => {
    const alarm = { rule: 'high_limit', state: 'cleared', raised_temperature_c: -10, extreme_c: -8, peak_score: 1.5, rule_limit_c: -12, finding: '-10.0 °C (limit -12.0 °C)', worst: '-8.0 °C', stage: 'unacknowledged', life: { acknowledged: null, shelved: null, assignee: null, raised_again: 0 }, explanation: '', limits: { low_c: -25, high_c: -15, consecutive: 3 } } as Alarm;
    expect(ruleInWords(alarm, 'C')).toBe('Too warm: −10.0 °C (limit −12.0 °C)');
    expect(worstInWords(alarm)).toBe('warmest −8.0 °C');
    expect(worstInWords({ ...alarm, extreme_c: -10 })).toBe('');
    expect(worstInWords({ ...alarm, state: 'open' })).toBe('');
    expect(ruleInWords({ ...alarm, rule: 'low_limit', finding: '-13.2 °F (limit -13.0 °F)' }, 'F')).toBe('Too cold: −13.2 °F (limit −13.0 °F)');
    expect(ruleInWords({ ...alarm, rule: 'high_limit', finding: '-14.96 °C (limit -15.00 °C)' }, 'C')).toBe('Too warm: −14.96 °C (limit −15.00 °C)');
    expect(ruleInWords({ ...alarm, rule: 'model_persistence' }, 'C')).toBe('Unusual pattern in 3 readings in a row, at −10.0 °C');
    expect(worstInWords({ ...alarm, rule: 'model_persistence' })).toBe('highest score 1.50');
    const silent: Alarm = { ...alarm, rule: 'no_data', rule_limit_c: null, finding: '', worst: '' };
    expect(ruleInWords(silent, 'C')).toBe('No readings; the last was −10.0 °C');
    expect(worstInWords(silent)).toBe('');
    expect(ruleInWords({ ...silent, raised_temperature_c: null, extreme_c: null }, 'C')).toBe('Never heard');
    expect(ruleInWords({ ...alarm, rule: 'mkt_limit', finding: '8.3 °C (limit 8.0 °C)' }, 'C')).toBe('Mean kinetic temperature too high: 8.3 °C (limit 8.0 °C)');
    expect(ruleInWords({ ...alarm, rule: 'rate_of_change', finding: 'rising 4.2 K/h (limit 2.0 K/h)' }, 'C')).toBe('Temperature changes too fast: rising 4.2 K/h (limit 2.0 K/h)');
    expect(ruleInWords({ ...alarm, rule: 'cumulative', finding: '' }, 'C')).toBe('Out of range for too long in all'); // of before there was one
    expect(stageInWords(alarm, 0)).toBe('');
    const mark = { at: '2026-01-01T00:00:00Z', who: 'token:anna', text: '' };
    const until = '2026-01-01T00:00:00Z';
    const shelved: Alarm = { ...alarm, state: 'open', stage: 'shelved', life: { ...alarm.life, shelved: { ...mark, until } } };
    expect(stageInWords(shelved, Date.parse(until) - 1)).toBe('shelved');
    expect(stageInWords(shelved, Date.parse(until))).toBe('');
    const seen = { ...shelved, life: { ...shelved.life, acknowledged: mark } };
    expect(stageInWords(seen, Date.parse(until))).toBe('acknowledged');
    const over: Alarm = { ...alarm, state: 'cleared', stage: 'normal' }; // of a common cause
    expect(stageInWords(over, 0)).toBe('needs no acknowledgement');
    expect(stageInWords({ ...over, life: seen.life }, 0)).toBe('acknowledged');
  });
  it('shows ages', () => {
    expect([0, 40_000, 120_000, 7_200_000 * 2, 86_400_000 * 3].map(age)).toEqual(['just now', '40 s', '2 min', '4 h', '3 d']);
  });
  it('says how long ago', () => {
    expect([ago(null, 0), ago(1000, 2000), ago(0, 40_000)]).toEqual(['never', 'just now', '40 s ago']);
  });
  it('draws the band in the middle half and stays in its box', () => {
    const hour = 3_600_000;
    expect(sparkline([{ t: hour, c: -15 }, { t: 2 * hour, c: -25 }, { t: 3 * hour, c: 500 }], -25, -15)).toBe('M0.0 25.0L50.0 75.0L100.0 1.0');
    expect(sparkline([{ t: 0, c: 0 }], 0, 1)).toBe('');
  });
  it('breaks the line at gaps and appends live points once', () => {
    const minute = 60_000;
    const series = { t: [0, minute, 2 * minute, 20 * minute], c: [1, 2, 3, 4], score: [null, null, null, null] };
    const [x, y] = columns(series, [{ t: 20 * minute, c: 9 }, { t: 21 * minute, c: 5 }], 0, 'C');
    expect(y).toEqual([1, 2, 3, null, 4, 5]);
    expect(x.at(-1)).toBe(21 * 60);
  });
  it('marks what is too short to be seen as a line', () => {
    expect(dots([[], []], 10)).toEqual([]);
    expect(dots([[100], [1]], 10)).toEqual([0]);
    expect(dots([[100, 105], [1, 2]], 10)).toEqual([1]);
    expect(dots([[100, 110], [1, 2]], 10)).toEqual([]);
    expect(dots([[1, 2, 3, 50, 60, 70, 90], [1, 1, null, 2, 2, null, 3]], 10)).toEqual([1, 6]);
  });
});
