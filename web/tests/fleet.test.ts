import { describe, expect, it } from 'vitest';
import { applyFrame, counts, emptyFleet, follow, grouped, pictureOf, stateOf, takePast } from '../src/lib/fleet';
import type { Alarm, Unit } from '../src/lib/types';

function unit(id: string, changes: Partial<Unit> = {}): Unit {
  return {
    id, unit_code: `unit_${id}`, name: null, facility_id: 'f', facility_code: 'f1', customer_code: 'A',
    temperature_unit: 'C', set_temperature: -20, low_c: -25, high_c: -15, interval_seconds: 5,
    current_temperature_c: null, last_reading_time: null, last_contact: null, score: null, score_state: null,
    temperature_status: 'no_data', open_rules: [], out_of_service: null, limits_not_taken: null, ...changes,
  };
}
function alarm(id: string, changes: Partial<Alarm> = {}): Alarm {
  return {
    id, unit_id: '1', unit_code: 'unit_1', unit_name: null, facility_code: 'f1', customer_code: 'A', rule: 'high_limit',
    state: 'open', raised_at: '2026-01-01T00:00:00Z', cleared_at: null, raised_temperature_c: -10, extreme_c: -10, finding: '-10.0 °C (limit -12.0 °C)', worst: '-8.0 °C',
    peak_score: 0, explanation: '', rule_limit_c: -15, stage: 'unacknowledged', life: { acknowledged: null, shelved: null, assignee: null, raised_again: 0 }, severity: 'critical', rule_name: '', unseen_seconds: 0, end_unknown: false, limits: { low_c: -25, high_c: -15, consecutive: 3 }, retroactive: false, ...changes,
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
  it('keeps a trail of two hours, one point a slot', () => {
    const fleet = started();
    const times = Array.from({ length: 4 * 720 }, (_, i) => i * 5000);
    applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: times.map((t) => reading('1', t, t)) });
    const trail = fleet.units.get('1')!.trail;
    expect(trail.length).toBeLessThanOrEqual(61);
    expect(trail.at(-1)!.t).toBe(times.at(-1));
    expect(trail[0]!.t).toBeGreaterThanOrEqual(times.at(-1)! - 2 * 3_600_000);
  });
  it('puts the stored past before what came in live', () => {
    const fleet = started();
    applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: [reading('1', 3_600_000, -20)] });
    takePast(fleet, '1', { t: [0, 1_800_000, 3_600_000, 3_800_000], c: [1, 2, 3, 4], score: [] });
    expect(fleet.units.get('1')!.trail.map((p) => p.c)).toEqual([1, 2, 3, 4]);
    takePast(fleet, 'unknown', { t: [0], c: [0], score: [] });
    expect(fleet.units.size).toBe(2);
  });
  it('keeps every reading of the followed unit, and says when some are missing', () => {
    const fleet = started();
    follow(fleet, '1');
    const items = [reading('1', 1000, 1), reading('2', 1000, 9), reading('1', 2000, 2), reading('1', 1500, 8)];
    applyFrame(fleet, { type: 'items', cursor: '', first: 1, items });
    expect(fleet.followed).toEqual({ unit: '1', points: [{ t: 1000, c: 1 }, { t: 2000, c: 2 }], round: 0 });
    applyFrame(fleet, { type: 'snapshot', cursor: '', units: [unit('1')], alarms: [] });
    expect(fleet.followed).toEqual({ unit: '1', points: [], round: 1 });
    for (let t = 0; t < 5001; t++) applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: [reading('1', t, t)] });
    expect(fleet.followed).toEqual({ unit: '1', points: [{ t: 5000, c: 5000 }], round: 2 });
    follow(fleet, '1');
    expect(fleet.followed?.points).toEqual([{ t: 5000, c: 5000 }]);
    follow(fleet, null);
    expect(fleet.followed).toBeNull();
  });
  it('follows what people do', () => {
    const fleet = started();
    const seen = alarm('a', { stage: 'acknowledged' });
    applyFrame(fleet, { type: 'items', cursor: '', first: 1, items: [{ n: 1, type: 'alarm', event: 'raised', alarm: alarm('a') }, { n: 2, type: 'life', alarm: seen }] });
    expect(fleet.alarms).toEqual([seen]);
    const closed = alarm('a', { state: 'cleared', stage: 'closed' });
    applyFrame(fleet, { type: 'items', cursor: '', first: 3, items: [{ n: 3, type: 'life', alarm: closed }] });
    expect(fleet.alarms).toEqual([]);
    const rest = { since: '2026-01-01T00:00:00Z', who: 'token:anna', reason: 'door' };
    applyFrame(fleet, { type: 'items', cursor: '', first: 4, items: [{ n: 4, type: 'service', unit_id: '1', out_of_service: rest }, { n: 5, type: 'service', unit_id: 'x', out_of_service: null }] });
    expect(fleet.units.get('1')?.unit.out_of_service).toEqual(rest);
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
  it('does not call a unit stale that still sends nulls', () => {
    const view = (contact: string) => applyFrame(emptyFleet(), {
      type: 'snapshot', cursor: '', alarms: [],
      units: [unit('1', { last_reading_time: '1970-01-01T00:00:01Z', last_contact: contact })],
    }).units.get('1')!;
    expect(stateOf(view('1970-01-01T00:02:00Z'), 150_000)).toBe('normal');
    expect(stateOf(view('1970-01-01T00:00:01Z'), 150_000)).toBe('stale');
  });
  it('shows units by customer, facility and code, numbers in their order', () => {
    const units = [['B', 'f1', 'u1'], ['A', 'f10', 'u1'], ['A', 'f2', 'u10'], ['A', 'f2', 'u9']].map(([customer, facility, code], i) =>
      unit(String(i), { customer_code: customer!, facility_code: facility!, facility_id: `${customer}${facility}`, unit_code: code! }));
    const fleet = applyFrame(emptyFleet(), { type: 'snapshot', cursor: '', units, alarms: [] });
    const groups = grouped(pictureOf(fleet, 0), null);
    expect(groups.map((g) => `${g.customer} ${g.facility}: ${g.units.map((v) => v.unit.unit_code)}`))
      .toEqual(['A f2: u9,u10', 'A f10: u1', 'B f1: u1']);
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
