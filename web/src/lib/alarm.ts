// What can be said of an alarm and done to it, in words for people.
import { age, clock, degrees, found, stageAt } from './format';
import type { Alarm, AlarmStory, Scale } from './types';

/** "2 h 10 min", "45 min", "30 s": a length, not an age. */
export function length(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** What a list says of how sure an alarm is; empty for most. */
export function doubts(alarm: Alarm): string[] {
  const out: string[] = [];
  if (alarm.retroactive) out.push('found late');
  if (alarm.rule === 'no_data') return out; // its silence is what it is about
  if (alarm.state !== 'open' && alarm.end_unknown) out.push('end not seen');
  else if (alarm.unseen_seconds > 0) out.push(`no readings for ${length(alarm.unseen_seconds)} of it`);
  return out;
}

/** The same in whole sentences. */
export function doubtsExplained(alarm: AlarmStory): string[] {
  const out: string[] = [];
  const { unseen_seconds: unseen, end_unknown: endUnknown, seconds } = alarm.excursion;
  if (alarm.retroactive)
    out.push('Found late: the readings that show it came in after newer ones, long after they were measured, or in stored history. Nobody may have been called when it began.');
  const silence = alarm.rule === 'no_data';
  if (unseen > 0 && !silence)
    out.push(`For ${length(unseen)} of it nothing was heard from the unit: it lasted at least ${length(seconds)} and at most ${length(seconds + unseen)}.`);
  if (alarm.state !== 'open' && endUnknown && !silence) out.push('Its end was not seen: the reading that showed it over came after a silence, and it may have ended at any time in that.');
  if (alarm.ended_by === 'rule_changed') out.push('It ended because its rule was changed, not because the unit came back.');
  return out;
}

/** Where it stands between the unit and the people; every stage has a name of the field. */
export const stages: Record<string, string> = {
  unacknowledged: 'Open, not acknowledged',
  acknowledged: 'Open, acknowledged',
  returned_unacknowledged: 'Over, not acknowledged',
  normal: 'Over: can be closed',
  shelved: 'Shelved',
  suppressed: 'Part of a common cause',
  out_of_service: 'Unit out of service',
  closed: 'Closed',
};

export interface Action {
  /** The last segment of the API's path. */
  path: 'ack' | 'comment' | 'assign' | 'action' | 'shelve' | 'unshelve' | 'close';
  label: string;
  /** Of the text that goes with it. */
  field: 'reason' | 'text' | 'to';
  ask: string;
  needed: boolean;
}

/** A shelving that still holds for its unit and rule: a closed alarm's does, for the next one. */
export function shelvingThatHolds(alarm: Alarm, now: number): Alarm['life']['shelved'] {
  const stage = stageAt(alarm, now);
  const { shelved } = alarm.life;
  if (stage !== 'shelved' && stage !== 'closed') return null;
  return shelved && now < Date.parse(shelved.until) ? shelved : null;
}

/** What may be done to an alarm in the stage that it has now, the next step first. */
export function actionsFor(alarm: AlarmStory, now: number): Action[] {
  const stage = stageAt(alarm, now);
  const out: Action[] = [];
  const add = (path: Action['path'], label: string, field: Action['field'], ask: string, needed: boolean) => out.push({ path, label, field, ask, needed });
  // Some that are over need no acknowledgement: those that a common cause suppressed.
  const seen = alarm.life.acknowledged !== null || stage === 'normal';
  if (!seen && stage !== 'closed') {
    const must = alarm.definition.reason_required === true;
    add('ack', 'Acknowledge', 'reason', must ? 'Reason (this rule asks for one)' : 'Reason (may be empty)', must);
  }
  if (seen && alarm.state !== 'open' && stage !== 'closed') add('close', 'Close', 'reason', 'Conclusion (may be empty)', false);
  if (stage !== 'closed') {
    add('action', 'Corrective action', 'text', 'What was done', true);
    add('assign', 'Assign', 'to', 'To whom', true);
  }
  add('comment', 'Comment', 'text', 'Comment', true);
  if (shelvingThatHolds(alarm, now)) add('unshelve', 'End shelving', 'reason', 'Reason (may be empty)', false);
  else if (stage !== 'closed' && stage !== 'out_of_service' && stage !== 'suppressed') add('shelve', 'Shelve', 'reason', 'Why it may be left in peace', true);
  return out;
}

/** "token:anna" is anna; whoever used the link of a message is named with it. */
export function whoInWords(who: string): string {
  if (who.startsWith('token:')) return who.slice(6);
  if (who.startsWith('person:')) return `${who.slice(7)} (by the link of a message)`;
  return who;
}

const saidWords: Record<string, string> = {
  acknowledge: 'acknowledged',
  comment: 'commented',
  assign: 'assigned it to',
  action: 'took corrective action',
  shelve: 'shelved',
  unshelve: 'ended the shelving',
  suppress: 'part of a common cause',
  unsuppress: 'no longer part of a common cause',
  take_out: 'took the unit out of service',
  put_back: 'put the unit back in service',
  close: 'closed',
  condition_over: 'over',
  condition_back: 'open again',
  annul: 'annulled: a late reading showed that it never was',
};
const transitionWords: Record<string, string> = {
  raised: 'raised',
  cleared: 'over',
  revised: 'corrected by a late reading',
  annulled: 'annulled: a late reading showed that it never was',
};

export interface Line {
  at: string;
  what: string;
  who: string;
  text: string;
}

/** The alarm's course and what people did, in the order in which it became known; `at` is when it did. */
export function historyOf(alarm: AlarmStory, now: number): Line[] {
  const condition = new Set(['condition_over', 'condition_back', 'annul']);
  let holds = true;
  const steps = alarm.transitions.map((each) => {
    const back = !holds && each.state === 'open';
    holds = each.state === 'open';
    const what = back ? 'opened again by a late reading, and asks for an acknowledgement anew' : (transitionWords[each.event] ?? each.event);
    const late = Date.parse(each.decided_at) - Date.parse(each.at) >= 60_000;
    return { at: each.decided_at, what: late ? `${what}, as of ${clock(each.at, now)}` : what, who: '', text: '' };
  });
  const said = alarm.said
    .filter((each) => !condition.has(each.event))
    .map((each) => ({
      at: each.at,
      what: (saidWords[each.event] ?? each.event) + (each.until ? ` until ${clock(each.until, now)}` : ''),
      who: whoInWords(each.who),
      text: each.text,
    }));
  return [...steps, ...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** "Lowest −21.0 °C, highest −9.4 °C, mean …" of the excursion, as far as anything was measured. */
export function extremes(alarm: AlarmStory, scale: Scale): [string, string][] {
  const { lowest_c, highest_c, mean_c, mkt_c } = alarm.excursion;
  if (highest_c === null) return [];
  const worst = (rule: Alarm['rule'], celsius: number | null) => (alarm.rule === rule && alarm.worst ? found(alarm.worst) : degrees(celsius, scale));
  return [
    ['Lowest', worst('low_limit', lowest_c)],
    ['Highest', worst('high_limit', highest_c)],
    ['Mean', degrees(mean_c, scale)],
    ['Mean kinetic', degrees(mkt_c, scale)],
  ];
}

/** "for 12 min so far", "for 2 h 5 min" */
export function lastedInWords(alarm: AlarmStory, now: number): string {
  if (alarm.state === 'open') return `since ${clock(alarm.excursion.onset, now)} (${age(now - Date.parse(alarm.excursion.onset))})`;
  if (alarm.rule === 'no_data') return `for ${length(alarm.excursion.seconds + alarm.excursion.unseen_seconds)}`;
  return `for ${alarm.excursion.unseen_seconds > 0 ? 'at least ' : ''}${length(alarm.excursion.seconds)}`;
}
