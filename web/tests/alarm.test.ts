import { describe, expect, it } from 'vitest';
import { actionsFor, doubts, doubtsExplained, historyOf, lastedInWords, length, whoInWords } from '../src/lib/alarm';
import { evidence } from '../src/lib/chart';
import type { AlarmStory } from '../src/lib/types';

const now = Date.parse('2026-01-01T12:00:00Z');
const mark = { at: '2026-01-01T11:00:00Z', who: 'token:anna', text: '' };
function story(changes: Partial<AlarmStory> = {}): AlarmStory {
  return {
    id: 'a', unit_id: 'u', unit_code: 'u1', unit_name: null, facility_code: 'f1', customer_code: 'A', rule: 'high_limit', rule_limit_c: -15, stage: 'unacknowledged',
    life: { acknowledged: null, shelved: null, assignee: null, raised_again: 0 }, severity: 'critical', rule_name: '', state: 'open', raised_at: '2026-01-01T10:00:00Z', cleared_at: null,
    raised_temperature_c: -10, extreme_c: -8, finding: '-10.0 °C (limit -12.0 °C)', worst: '-8.0 °C', peak_score: 0, explanation: '', limits: { low_c: -25, high_c: -15, consecutive: 3 }, retroactive: false, unseen_seconds: 0, end_unknown: false,
    definition: {}, ended_by: null, transitions: [{ event: 'raised', at: '2026-01-01T10:00:00Z', decided_at: '2026-01-01T10:00:01Z', state: 'open' }], said: [],
    excursion: { onset: '2026-01-01T09:50:00Z', lowest_c: -12, highest_c: -8, mean_c: -10, mkt_c: -9.9, seconds: 7800, unseen_seconds: 0, end_unknown: false },
    ...changes,
  };
}
const paths = (alarm: AlarmStory) => actionsFor(alarm, now).map((each) => each.path);

describe('an alarm in words', () => {
  it('tells lengths', () => {
    expect([30, 99, 600, 3600, 7800, 200_000, 172_800].map(length)).toEqual(['30 s', '99 s', '10 min', '1 h', '2 h 10 min', '2 d 7 h', '2 d']);
    expect(lastedInWords(story({ state: 'cleared' }), now)).toBe('for 2 h 10 min');
  });
  it('says what is not sure, in lists and in sentences', () => {
    expect(doubts(story())).toEqual([]);
    expect(doubts(story({ retroactive: true, unseen_seconds: 600 }))).toEqual(['found late', 'no readings for 10 min of it']);
    expect(doubts(story({ state: 'cleared', unseen_seconds: 600, end_unknown: true }))).toEqual(['end not seen']);
    const doubtful = story({ state: 'cleared', retroactive: true });
    doubtful.excursion = { ...doubtful.excursion, unseen_seconds: 5400, end_unknown: true };
    const said = doubtsExplained(doubtful);
    expect(said).toHaveLength(3);
    expect(said[0]).toContain('Found late');
    expect(said[1]).toContain('at least 2 h 10 min and at most 3 h 40 min');
    expect(said[2]).toContain('end was not seen');
    expect(lastedInWords(doubtful, now)).toBe('for at least 2 h 10 min');
    const silent = { ...doubtful, rule: 'no_data' as const, retroactive: false, unseen_seconds: 5400, end_unknown: true };
    expect([...doubts(silent), ...doubtsExplained(silent)]).toEqual([]);
    expect(lastedInWords(silent, now)).toBe('for 3 h 40 min');
    expect(doubtsExplained(story({ state: 'cleared', ended_by: 'rule_changed' }))[0]).toContain('rule was changed');
  });
  it('offers what the stage allows, the next step first', () => {
    expect(paths(story())).toEqual(['ack', 'action', 'assign', 'comment', 'shelve']);
    expect(actionsFor(story({ definition: { reason_required: true } }), now)[0]?.needed).toBe(true);
    const seen = { ...story().life, acknowledged: mark };
    expect(paths(story({ stage: 'acknowledged', life: seen }))).toEqual(['action', 'assign', 'comment', 'shelve']);
    expect(paths(story({ stage: 'normal', state: 'cleared', life: seen }))).toEqual(['close', 'action', 'assign', 'comment', 'shelve']);
    expect(paths(story({ stage: 'normal', state: 'cleared' }))[0]).toBe('close');
    expect(paths(story({ stage: 'returned_unacknowledged', state: 'cleared' }))[0]).toBe('ack');
    expect(paths(story({ stage: 'closed', state: 'cleared', life: seen }))).toEqual(['comment']);
    const shelved = { ...story().life, shelved: { ...mark, until: '2026-01-01T13:00:00Z' } };
    expect(paths(story({ stage: 'shelved', life: shelved }))).toEqual(['ack', 'action', 'assign', 'comment', 'unshelve']);
    expect(paths(story({ stage: 'closed', state: 'cleared', life: { ...seen, shelved: shelved.shelved } }))).toEqual(['comment', 'unshelve']);
    const long = story({ stage: 'closed', state: 'cleared', life: { ...seen, shelved: { ...mark, until: '2026-01-01T00:00:00Z' } } });
    expect(paths(long)).toEqual(['comment']); // that shelving is over
    expect(paths(story({ stage: 'out_of_service' }))).not.toContain('shelve');
  });
  it('lists what happened, who did it and why', () => {
    const said = [
      { event: 'acknowledge', at: '2026-01-01T10:05:00Z', who: 'person:ben', text: 'on my way', until: null },
      { event: 'condition_over', at: '2026-01-01T10:30:00Z', who: '', text: '', until: null },
    ];
    const transitions = [...story().transitions, { event: 'cleared', at: '2026-01-01T10:30:00Z', decided_at: '2026-01-01T10:30:01Z', state: 'cleared' as const }];
    const lines = historyOf(story({ said, transitions }), now);
    expect(lines.map((each) => each.what)).toEqual(['raised', 'acknowledged', 'over']);
    expect(lines[1]).toMatchObject({ who: 'ben (by the link of a message)', text: 'on my way' });
    expect(whoInWords('token:night-shift')).toBe('night-shift');
  });
  it('lists it in the order in which it became known, and says when it was opened again', () => {
    const said = [{ event: 'acknowledge', at: '2026-01-01T10:31:00Z', who: 'token:anna', text: '', until: null }];
    const step = (event: string, at: string, decided_at: string, state: 'open' | 'cleared') => ({ event, at, decided_at, state });
    const transitions = [
      ...story().transitions,
      step('cleared', '2026-01-01T10:30:00Z', '2026-01-01T10:30:01Z', 'cleared'),
      step('revised', '2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', 'open'), // by a reading that came late
      step('revised', '2026-01-01T10:00:00Z', '2026-01-01T11:30:00Z', 'open'),
    ];
    const lines = historyOf(story({ said, transitions }), now).map((each) => each.what);
    expect(lines.slice(0, 3)).toEqual(['raised', 'over', 'acknowledged']);
    expect(lines[3]).toMatch(/^opened again by a late reading, and asks for an acknowledgement anew, as of /);
    expect(lines[4]).toMatch(/^corrected by a late reading, as of /);
  });
});

describe('the picture of the evidence', () => {
  it('has every reading, the limit and the times in it', () => {
    const minute = 60_000;
    const drawn = evidence({ t: [0, minute, 2 * minute, 20 * minute], c: [-20, -18, -10, -16], usual: [null, null, -20, null] }, 0, 20 * minute, 'C', [-15], [2 * minute]);
    expect(drawn?.times).toEqual([100]);
    expect(drawn?.course.match(/M/g)).toHaveLength(2); // a silence is a hole
    expect(drawn?.usual).toMatch(/^M100.0 /);
    expect(drawn && drawn.top > -10 && drawn.bottom < -20).toBe(true);
    expect(evidence({ t: [], c: [], usual: [] }, 0, 1, 'C', [-15], [])).toBeNull();
  });
  it('gives no room to what is left out', () => {
    const minute = 60_000;
    const drawn = evidence({ t: [0, 100 * minute], c: [-20, -10], usual: [null, null] }, 0, 101 * minute, 'C', [-15], [0, minute, 100 * minute], [[minute, 100 * minute]]);
    expect(drawn?.times).toEqual([0, 500, 500]);
    expect(drawn?.cuts).toEqual([500]);
  });
});
