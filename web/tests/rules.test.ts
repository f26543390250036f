import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/lib/api';
import { comesFrom, complaintsOf, countsSince, fieldsOf, isEdited, nameMayLie, previewInWords, profilesOf, readRules, ruleSays, ruleTitle, spanOf, wantedOf, type KnownRules } from '../src/lib/rules';
import type { PlacedRule, Preview, UnitRules } from '../src/lib/types';

const now = Date.parse('2026-01-01T12:00:00Z');
const interval = 60;
function rule(changes: Partial<PlacedRule> = {}): PlacedRule {
  return { id: 2, kind: 'high_limit', level: 'critical', name: '', side: 'above', limit: -15, unit: 'C', max_gap_seconds: 180, scope: 'program', ...changes };
}
const facility = (id: number, limit: number, changes: Partial<PlacedRule> = {}) =>
  rule({ id, limit, scope: 'facility', place: 'F1', customer_code: 'A', off: false, revision: 3, from: '2025-11-03T08:00:00Z', changed_at: '2025-11-03T07:55:00Z', ...changes });
const own = (id: number, changes: Partial<PlacedRule> = {}) => facility(id, -10, { scope: 'unit', place: 'u1', ...changes });
function known(judging: PlacedRule[], ownRules: PlacedRule[] = []): KnownRules {
  return { judging, own: ownRules, revision: 3, changesAt: null, untilThen: [] };
}

describe('a rule in words', () => {
  it('says every kind, in the scale of the unit', () => {
    expect(ruleSays(rule(), 'C')).toBe('Above −15 °C');
    expect(ruleSays(rule(), 'F')).toBe('Above 5 °F');
    expect(ruleSays(rule({ limit: 5, unit: 'F' }), 'K')).toBe('Above 258.15 K');
    expect(ruleSays(rule({ kind: 'low_limit', side: 'below', inclusive: true, limit: -0.5 }), 'C')).toBe('At or below −0.5 °C');
    expect(ruleSays(rule({ kind: 'cumulative', limit: 30, inclusive: true, cumulative_seconds: 36_000, window_seconds: 2_592_000 }), 'C')).toBe('At or above 30 °C for 10 h in all within 30 d');
    expect(ruleSays(rule({ kind: 'cumulative', side: 'below', limit: 2, cumulative_seconds: 600, window_seconds: 3600 }), 'C')).toBe('Below 2 °C for 10 min in all within 1 h');
    expect(ruleSays(rule({ kind: 'mkt_limit', limit: 8, window_seconds: 86_400 }), 'C')).toBe('Mean kinetic temperature of the last 24 h above 8 °C');
    expect(ruleSays(rule({ kind: 'predicted_breach', limit: 8, lead_seconds: 1800, window_seconds: 3600 }), 'C')).toBe('Above 8 °C within 30 min if it goes on as in the last 1 h');
    expect(ruleSays(rule({ kind: 'rate_of_change', side: 'either', limit: 5, window_seconds: 3600 }), 'F')).toBe('Changes by more than 9 °F an hour, over 1 h');
    expect(ruleSays(rule({ kind: 'model_persistence', score_limit: 1.2, off_delay_seconds: 600 }), 'C')).toBe('Unusual for this unit: score above 1.2, over when inside for 10 min');
    expect(ruleSays(rule({ kind: 'no_data', silent_after_seconds: 900 }), 'C')).toBe('Nothing heard for 15 min');
    expect(ruleSays(rule({ kind: 'sensor_fault' }), 'C')).toContain('same value');
  });
  it('says what delays, ends and excuses it', () => {
    const all = rule({ consecutive: 3, on_delay_seconds: 600, tolerated_to: -10, tolerated_for_seconds: 1200, deadband: 0.5, off_delay_seconds: 300, reason_required: true });
    expect(ruleSays(all, 'C')).toBe('Above −15 °C, in 3 readings in a row, lasting 10 min, up to −10 °C borne for 20 min, over when inside by 0.5 °C for 5 min, acknowledging needs a reason');
    expect(ruleSays(rule({ deadband: 0.5 }), 'F')).toBe('Above 5 °F, over when inside by 0.9 °F');
  });
  it('has a title that tells it from another one of its kind and level', () => {
    expect(ruleTitle(rule({ name: 'door' }), 'F')).toBe('too warm, critical: above 5 °F');
    expect(ruleTitle(rule({ on_delay_seconds: 600 }), 'F')).toBe('too warm, critical: above 5 °F, lasting 10 min');
    expect(ruleTitle(rule({ limit: -10, level: 'warning' }), 'C')).toBe('too warm, warning: above −10 °C');
  });
  it('says whose it is, and since when', () => {
    expect(comesFrom(rule())).toContain('built in');
    expect(comesFrom(facility(150, 8))).toBe('facility F1');
    expect(comesFrom(rule({ scope: 'kind', place: 'vaccine_fridge' }))).toBe('kind vaccine fridge');
    expect(comesFrom(own(200))).toBe('this unit');
    expect(countsSince(rule(), now)).toBe('');
    expect(countsSince(facility(150, 8), now)).toMatch(/^since 3 Nov 2025/);
    expect(countsSince(facility(150, 8, { from: '2026-01-01T12:05:00Z' }), now)).toMatch(/^from 1 Jan 2026.* on$/);
  });
  it('names the profile that explains most of a place, and none that is only alike', () => {
    const silent = { id: 3, kind: 'no_data' as const, level: 'warning' as const, name: 'no data' };
    const warm = { id: 1, kind: 'high_limit' as const, level: 'critical' as const, name: 'too warm', limit: 8, unit: 'C' as const };
    const profiles = [{ name: 'a', title: 'A', rules: [warm, silent] }, { name: 'b', title: 'B', rules: [{ ...warm, limit: 5 }, silent] }];
    const of = profilesOf([facility(150, 8, { name: 'too warm' }), facility(151, 0, { kind: 'no_data', level: 'warning', name: 'no data', silent_after_seconds: 180 })], profiles);
    expect([...of]).toEqual([[150, 'A'], [151, 'A']]);
    expect(profilesOf([facility(151, 0, { kind: 'no_data', level: 'warning', name: 'no data' })], profiles).size).toBe(0); // either of them
    expect(profilesOf([facility(150, 9, { name: 'too warm' }), rule()], profiles).size).toBe(0);
  });
});

describe('rules of a unit as they will be', () => {
  it('reads what counts in the end, and when that begins', async () => {
    const at: (string | undefined)[] = [];
    const answers: UnitRules[] = [{ rules: [rule()], next_change: 'one' }, { rules: [own(200)], next_change: 'two' }, { rules: [own(201)], next_change: null }];
    const api = { rulesOfUnit: async () => ({ rules: [own(201)], revision: 5 }), unitRules: async (_: string, when?: string) => (at.push(when), answers[at.length - 1]!) };
    const found = await readRules(api, 'u');
    expect(at).toEqual([undefined, 'one', 'two']);
    expect(found).toMatchObject({ judging: [{ id: 201 }], revision: 5, changesAt: 'two', untilThen: [{ id: 2 }] });
  });
  it('are told from what judges until then and no longer, also where a rule keeps its id', async () => {
    const [stays, changes, goes] = [facility(150, 8), own(200), own(201, { kind: 'no_data' })];
    const later = { ...changes, limit: -12, from: '2026-01-01T12:05:00Z' };
    const answers: UnitRules[] = [{ rules: [rule(), stays, changes, goes], next_change: later.from }, { rules: [rule(), stays, later], next_change: null }];
    const api = { rulesOfUnit: async () => ({ rules: [later], revision: 5 }), unitRules: async () => answers.shift()! };
    const found = await readRules(api, 'u');
    expect(found.judging).toEqual([rule(), stays, later]);
    expect(found.untilThen).toEqual([changes, goes]);
  });
});

describe('what somebody wants to be otherwise', () => {
  it('begins with what counts, in the unit\'s scale', () => {
    expect(fieldsOf(rule({ limit: -18.33, deadband: 0.5, on_delay_seconds: 90, name: 'warm' }), 'F')).toEqual({ limit: '-0.994', deadband: '0.9', after: '1.5', name: 'warm' });
    expect(isEdited(rule(), undefined, 'C')).toBe(false);
    expect(isEdited(rule(), { limit: '-15.0', name: ' ' }, 'C')).toBe(false); // the same in other signs
    expect(isEdited(rule(), { limit: '-15.1' }, 'C')).toBe(true);
    expect(isEdited(rule(), { name: 'warm' }, 'C')).toBe(true);
  });
  it('asks whether a name with a number in it still fits', () => {
    const named = rule({ name: 'above 8 °C' });
    expect(nameMayLie(named, { limit: '7' }, 'C')).toBe(true);
    expect(nameMayLie(named, { limit: '-15' }, 'C')).toBe(false);
    expect(nameMayLie(named, { limit: '7', name: 'above 7 °C' }, 'C')).toBe(false);
    expect(nameMayLie(rule({ name: 'too warm' }), { limit: '7' }, 'C')).toBe(false);
  });
  it('keeps the unit\'s other rules, so that only the change is compared', () => {
    const mine = [own(200), own(201, { kind: 'no_data', level: 'warning', silent_after_seconds: 900 }), own(202, { kind: 'low_limit', off: true })];
    const { rules, of } = wantedOf(known([...mine.slice(0, 2)], mine), { 200: { limit: '-12' } }, 'C', interval);
    expect(of).toEqual([200, 201, 202]);
    expect(rules[0]).toMatchObject({ id: 200, limit: -12, unit: 'C' });
    expect(rules.slice(1)).toEqual(mine.slice(1));
    expect(wantedOf(known(mine, mine), {}, 'F', interval).rules).toEqual(mine); // nothing is another only because it is shown in °F
  });
  it('takes a rule from farther away over with all of its sort, and without what was filled in for the unit', () => {
    const far = [facility(150, 8, { on_delay_seconds: 86_400, name: 'above 8 °C', tolerated_to: 20 }), facility(151, 15, { max_gap_seconds: 60 }), facility(152, 8, { level: 'warning' }), rule({ id: 1, kind: 'low_limit' })];
    const { rules, of } = wantedOf(known(far), { 150: { limit: '48.2', after: '60' } }, 'F', interval);
    expect(of).toEqual([150, 151]);
    expect(rules).toEqual([
      { kind: 'high_limit', level: 'critical', name: 'above 8 °C', side: 'above', limit: 48.2, unit: 'F', deadband: 0, on_delay_seconds: 3600, tolerated_to: 68 },
      { kind: 'high_limit', level: 'critical', name: '', side: 'above', limit: 15, unit: 'C', max_gap_seconds: 60 },
    ]);
    expect(wantedOf(known([rule({ max_gap_seconds: 3600 })]), { 2: { limit: '1' } }, 'C', 0).rules[0]).not.toHaveProperty('max_gap_seconds');
  });
  it('stores the same thousandth of a degree whichever scale it is shown in', () => {
    for (let milli = -90_000; milli <= 90_000; milli += 377) {
      const before = rule({ limit: milli / 1000, name: 'a' });
      const [sent] = wantedOf(known([before]), { 2: { name: 'b' } }, 'F', interval).rules as { limit: number; unit: string }[];
      expect(Math.round(((sent!.limit - 32) / 1.8) * 1000)).toBe(milli);
    }
  });
});

describe('what came of it', () => {
  it('is said at the field that it is about', () => {
    const error = new ApiError(422, 'invalid', [
      { pointer: '#/rules/1/deadband', detail: 'too wide' }, { pointer: '#/rules/0/on_delay_seconds', detail: 'at most 40 days' }, { pointer: '#/rules/0/tolerated_to', detail: 'inside the limit' },
      { pointer: '#/reason', detail: 'is needed' }, { pointer: '#/rules', detail: 'a place has at most 32 rules' }, { pointer: '#/rules/9/limit', detail: 'what?' },
    ]);
    expect(complaintsOf(error, [150, 151])).toEqual([
      { rule: 151, field: 'deadband', text: 'too wide' }, { rule: 150, field: 'after', text: 'at most 40 days' }, { rule: 150, field: null, text: 'tolerated_to: inside the limit' },
      { rule: null, field: 'reason', text: 'is needed' }, { rule: null, field: null, text: 'a place has at most 32 rules' }, { rule: null, field: null, text: 'limit: what?' },
    ]);
  });
  it('is said in words where it is about all', () => {
    const text = (error: unknown) => complaintsOf(error, []).map((each) => each.text).join();
    expect(text(new ApiError(403, 'no'))).toContain('admin token');
    expect(text(new ApiError(412, 'no'))).toContain('Somebody else');
    expect(text(new ApiError(409, 'it is still needed'))).toBe('it is still needed');
    expect(text(new Error('x'))).toContain('try again');
  });
  it('says what other limits would have meant', () => {
    const none: Preview = { from: '2025-10-03T12:00:00Z', to: '2026-01-01T12:00:00Z', readings: 9, appear: 0, vanish: 0, merge: 0, split: 0, per_month: { now: 1, then: 1 } };
    expect(previewInWords({ ...none, readings: 0, per_month: { now: null, then: null } })[0]).toContain('nothing can be said');
    expect(spanOf(none)).toBe('90 days');
    expect(spanOf({ ...none, from: '2025-12-21T00:00:00Z' })).toBe('11 days');
    expect(spanOf({ ...none, from: '2025-12-31T16:00:00Z' })).toBe('20 h');
    expect(previewInWords(none)).toEqual(['The same alarms would have been raised.']);
    expect(previewInWords({ ...none, appear: 1, vanish: 2, per_month: { now: 3, then: 2.04 } })).toEqual(['1 alarm more would have been raised, 2 fewer of those that were.', 'In a month: 3.0 as it is, 2.0 then.']);
    expect(previewInWords({ ...none, merge: 3, split: 1, per_month: { now: null, then: null } })).toEqual([
      '3 alarms would have been part of another.', '1 alarm more would have been raised for the same excursions.', 'Less than a day of readings is stored: nothing can be said of a month.',
    ]);
    expect(previewInWords({ ...none, vanish: 1, per_month: { now: 0, then: 0 } }).at(-1)).toBe('In a month: 0.0 as it is, 0.0 then.');
  });
});
