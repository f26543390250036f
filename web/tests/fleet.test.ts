import { describe, expect, it } from 'vitest';
import { applyFrame, counts, emptyFleet, grouped, pictureOf, stateOf } from '../src/lib/fleet';
import type { Alarm, Unit } from '../src/lib/types';

function unit(id: string, changes: Partial<Unit> = {}): Unit {
  return {
    id, unit_code: `unit_${id}`, name: null, facility_id: 'f', facility_code: 'f1', customer_code: 'A',
    temperature_unit: 'C', set_temperature: -20, low_c: -25, high_c: -15, interval_seconds: 5,
    current_temperature_c: null, last_reading_time: null, score: null, score_state: null,
    temperature_status: 'no_data', open_rules: [], ...changes,
  };
}
function alarm(id: string, changes: Partial<Alarm> = {}): Alarm {
  return {
    id, unit_id: '1', unit_code: 'unit_1', unit_name: null, facility_code: 'f1', customer_code: 'A', rule: 'high_limit',
    state: 'open', raised_at: '2026-01-01T00:00:00Z', cleared_at: null, raised_temperature_c: -10, extreme_c: -10,
    peak_score: 0, limits: { low_c: -25, high_c: -15, consecutive: 3 }, retroactive: false, ...changes,
  };
}
function started() {
  return applyFrame(emptyFleet(), { type: 'snapshot', cursor: '1.0', units: [unit('1'), unit('2')], alarms: [] });
}
const reading = (id: string, t: number, c: number, n = 1) =>
  ({ n, type: 'reading', unit_id: id, t, c, score: 0.5, state: 'scored' }) as const;

describe('the fleet', () => {
  it('shows the newest reading and never moves back', () => {
    const fleet = started();
    applyFrame(fleet, { type: 'items', cursor: '1.2', first: 1, items: [reading('1', 2000, -20), reading('1', 1000, -5)] });
    expect(fleet.units.get('1')?.unit.current_temperature_c).toBe(-20);
    expect(fleet.units.get('1')?.trail).toEqual([{ t: 2000, c: -20 }]);
  });
  it('keeps a bounded trail', () => {
    const fleet = started();
    for (let t = 0; t < 200; t++) applyFrame(fleet, { type: 'items', cursor: '', first: t, items: [reading('1', t, t)] });
    expect(fleet.units.get('1')?.trail.length).toBe(60);
  });
  it('puts a new alarm first and its unit into alarm, and out of it when it is cleared', () => {
    const fleet = started();
    const raised = { n: 1, type: 'alarm', event: 'raised', alarm: alarm('a') } as const;
    applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: [raised] });
    expect(fleet.alarms[0]?.id).toBe('a');
    expect(stateOf(fleet.units.get('1')!, 0)).toBe('alarm');
    const cleared = { n: 2, type: 'alarm', event: 'cleared', alarm: alarm('a', { state: 'cleared' }) } as const;
    applyFrame(fleet, { type: 'coalesced', cursor: '', from: 2, to: 2, items: [cleared] });
    expect(stateOf(fleet.units.get('1')!, 0)).toBe('no_data');
    expect(fleet.alarms.length).toBe(1);
  });
  it('takes an annulled alarm away', () => {
    const fleet = started();
    for (const [event, state] of [['raised', 'open'], ['annulled', 'annulled']] as const)
      applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: [{ n: 1, type: 'alarm', event, alarm: alarm('a', { state }) }] });
    expect(fleet.alarms).toEqual([]);
  });
  it('calls a unit stale after three missed readings and at least a minute', () => {
    const fleet = started();
    applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: [reading('1', 1000, -20)] });
    expect(stateOf(fleet.units.get('1')!, 61_000)).toBe('normal');
    expect(stateOf(fleet.units.get('1')!, 61_001)).toBe('stale');
  });
  it('counts, groups and filters', () => {
    const picture = pictureOf(started(), 0);
    expect(counts(picture).no_data).toBe(2);
    expect(grouped(picture, null)[0]?.units.length).toBe(2);
    expect(grouped(picture, 'alarm')).toEqual([]);
  });
  it('ignores readings of units that it does not know', () => {
    expect(applyFrame(started(), { type: 'items', cursor: '', first: 1, items: [reading('9', 1, 1)] }).units.size).toBe(2);
  });
});
