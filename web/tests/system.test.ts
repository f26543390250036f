import { describe, expect, it } from 'vitest';
import { Api } from '../src/lib/api';
import { headline, history, openAlarms, unitsInWords } from '../src/lib/system';
import type { SystemAlarm } from '../src/lib/types';

const base: SystemAlarm = {
  id: '1', fault: 'disk_low', words: 'the disk of the store is nearly full', severity: 'critical', customer_code: null,
  subject: 'store', detail: '0.9 GiB are free', raised_at: '2026-11-21T10:00:00Z', cleared_at: null, acknowledged: null, units: [],
};
const seen = { at: '2026-11-21T10:05:00Z', who: 'token:anna', text: 'on my way' };

describe('alarms of Coldvigil itself', () => {
  it('stand with what nobody has seen first, then the worse, then the newer', () => {
    const all = [
      { ...base, id: 'seen', acknowledged: seen },
      { ...base, id: 'warning', severity: 'warning' as const },
      { ...base, id: 'old' },
      { ...base, id: 'new', raised_at: '2026-11-21T11:00:00Z' },
      { ...base, id: 'over', cleared_at: '2026-11-21T11:00:00Z' },
    ];
    expect(openAlarms(all).map((a) => a.id)).toEqual(['new', 'old', 'warning', 'seen']);
  });
  it('say what it is, whose it is and who has seen it', () => {
    expect(headline(base)).toBe('The disk of the store is nearly full');
    const site = { ...base, words: 'nothing is heard of a whole site', customer_code: 'A', subject: 'f1' };
    expect(headline(site)).toBe('Nothing is heard of a whole site: f1 of customer A');
    expect(headline({ ...site, subject: 'A' })).toBe('Nothing is heard of a whole site: customer A');
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(history(base, now)).toMatch(/^Since \d\d:00:00$/);
    expect(history({ ...base, acknowledged: seen }, now)).toMatch(/; seen by token:anna: on my way$/);
    const long = { ...seen, text: 'moved the stock '.repeat(125) };
    expect(history({ ...base, acknowledged: long }, now).length).toBeLessThan(220);
    expect(history({ ...base, acknowledged: { ...seen, text: '' } }, now)).toMatch(/; seen by token:anna$/);
  });
  it('list their units, not all of a large site', () => {
    const units = Array.from({ length: 9 }, (_, i) => ({ unit_id: `${i}`, unit_code: `u${i}` }));
    expect(unitsInWords({ ...base, units })).toBe('u0, u1, u2, u3, u4, u5, u6, u7, u8');
    expect(unitsInWords({ ...base, units }, 2)).toBe('u0, u1 and 7 more');
    expect(unitsInWords(base)).toBe('');
  });
  it('are asked for and acknowledged with the token', async () => {
    const calls: string[] = [];
    const api = new Api('t', async (url, init) => {
      calls.push(`${init.method} ${url} ${(init.headers as Record<string, string>)['Authorization']}`);
      return new Response(JSON.stringify([base]));
    });
    expect(await api.systemAlarms()).toEqual([base]);
    await api.acknowledgeSystemAlarm('a/b');
    expect(calls).toEqual(['GET /api/v1/system/alarms?open=true Bearer t', 'POST /api/v1/system/alarms/a%2Fb/ack Bearer t']);
  });
});
