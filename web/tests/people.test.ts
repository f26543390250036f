import { describe, expect, it } from 'vitest';
import { customersOf, deliveryInWords, gapInWords, onCallInWords, testInWords } from '../src/lib/people';
import type { CalledPerson, OnCall } from '../src/lib/types';

const now = Date.parse('2026-01-01T12:00:00Z');
function person(name: string, on_duty = true, duty_changes_at: string | null = null): CalledPerson {
  return { person: name.toLowerCase(), name, on_duty, duty_changes_at, channels: ['sms', 'mail'] };
}
function onCall(...steps: [number, CalledPerson[]][]): OnCall {
  return { customer: 'A', facility: null, severity: 'critical', policy: 'usual', steps: steps.map(([after_seconds, persons]) => ({ after_seconds, persons })) };
}

describe('whom alarms reach', () => {
  it('is said step by step', () => {
    const of = onCall([0, [person('Anna'), person('Ben', false)]], [900, []], [1800, [person('Boss', true, '2026-01-01T20:00:00Z')]]);
    const said = onCallInWords(of, now);
    expect(said.slice(0, 2)).toEqual(['At once: Anna (by sms, mail), Ben (by sms, mail; off duty)', 'After 15 min: nobody']);
    expect(said[2]).toMatch(/^After 30 min: Boss \(by sms, mail; on duty until .*\)$/);
    expect(deliveryInWords({ kind: 'alarm', person: 'ben', channel: 'sms', at: '2026-01-01T10:00:05Z', result: 'retry' }, now)).toContain('ben by sms: not yet');
  });
  it('has no gap when somebody is called at once', () => {
    expect(gapInWords(onCall([0, [person('Ben', false), person('Anna')]]), now)).toBe('');
  });
  it('says when nobody would be reached, and why', () => {
    expect(gapInWords({ ...onCall(), policy: null }, now)).toBe('A critical alarm of customer A would reach nobody: no route names anybody to call.');
    expect(gapInWords({ ...onCall(), policy: null, customer: null }, now)).toMatch(/^An alarm of Coldvigil itself would reach nobody/);
    expect(gapInWords(onCall([0, [person('Anna', false)]]), now)).toContain('everybody is off duty');
    expect(gapInWords({ ...onCall([0, []]), severity: 'warning' }, now)).toBe('A warning alarm of customer A would reach nobody: nobody in the policy is called for it.');
  });
  it('is said of one facility, too', () => {
    expect(gapInWords({ ...onCall(), policy: null, facility: 'F1' }, now)).toBe('A critical alarm of facility F1 would reach nobody: no route names anybody to call.');
    const unit = (customer_code: string, facility_code: string) => ({ customer_code, facility_code });
    expect(customersOf([unit('B', 'F1'), unit('A', 'F2'), unit('B', 'F3'), unit('B', 'F1')])).toEqual([{ code: 'B', facilities: ['F1', 'F3'] }, { code: 'A', facilities: ['F2'] }]);
  });
  it('counts who is there when a step comes, not now', () => {
    const soon = '2026-01-01T12:15:00Z';
    expect(gapInWords(onCall([0, [person('Anna', false)]], [900, [person('Ben')]]), now)).toBe('A critical alarm of customer A would reach nobody for the first 15 min.');
    expect(gapInWords(onCall([900, [person('Ben', true, soon)]]), now)).toContain('everybody is off duty');
    expect(gapInWords(onCall([900, [person('Ben', false, soon)]]), now)).toContain('for the first 15 min');
  });
  it('says whether a test arrived', () => {
    const test = { message: 'm', person: 'ben', channel: 'sms', address: '', sent_at: '2026-01-01T11:59:00Z', received_at: null, overdue: false };
    expect(testInWords(test, now)).toMatch(/^sent .*, not confirmed yet$/);
    expect(testInWords({ ...test, overdue: true }, now)).toContain('HAS NOT ARRIVED');
    expect(testInWords({ ...test, overdue: true, received_at: '2026-01-01T11:59:04Z' }, now)).toContain('arrived');
  });
});
