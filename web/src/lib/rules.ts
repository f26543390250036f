// Rules in words, and what of them somebody wants to be otherwise.
import { length } from './alarm';
import { ApiError, type Api } from './api';
import { inScale, moment, symbol } from './format';
import type { PlacedRule, Preview, Rule, RuleKind, RuleProfile, Scale } from './types';

export const kindWords: Record<RuleKind, string> = {
  low_limit: 'too cold',
  high_limit: 'too warm',
  model_persistence: 'unusual course',
  cumulative: 'too long out of limits in all',
  rate_of_change: 'changes too fast',
  predicted_breach: 'on its way out of limits',
  no_data: 'no data',
  sensor_fault: 'sensor says the same for too long',
  mkt_limit: 'mean kinetic temperature',
};

// ---- scales: a rule has its own, people read and write in that of the unit; a thousandth is what is stored

const thousandth = (value: number) => Number(value.toFixed(3));
const written = (value: number) => thousandth(value).toString().replace('-', '−');

function celsiusOf(value: number, scale: Scale): number {
  if (scale === 'F') return ((value - 32) * 5) / 9;
  return scale === 'K' ? value - 273.15 : value;
}
function temperatureIn(rule: Rule, value: number, scale: Scale): number {
  const own = rule.unit ?? 'C';
  return own === scale ? value : thousandth(inScale(celsiusOf(value, own), scale));
}
function differenceIn(rule: Rule, value: number, scale: Scale): number {
  const step = (of: Scale) => (of === 'F' ? 1.8 : 1);
  return thousandth((value / step(rule.unit ?? 'C')) * step(scale));
}
const shownTemperature = (rule: Rule, value: number, scale: Scale) => `${written(temperatureIn(rule, value, scale))} ${symbol(scale)}`;
const shownDifference = (rule: Rule, value: number, scale: Scale) => `${written(differenceIn(rule, value, scale))} ${symbol(scale)}`;

// ---- in words

function condition(rule: Rule, scale: Scale): string {
  const below = rule.kind === 'low_limit' || rule.side === 'below';
  const limit = `${rule.inclusive ? 'at or ' : ''}${below ? 'below' : 'above'} ${shownTemperature(rule, rule.limit ?? 0, scale)}`;
  const time = (seconds: number | undefined) => length(seconds ?? 0);
  switch (rule.kind) {
    case 'low_limit':
    case 'high_limit':
      return limit;
    case 'cumulative':
      return `${limit} for ${time(rule.cumulative_seconds)} in all within ${time(rule.window_seconds)}`;
    case 'mkt_limit':
      return `mean kinetic temperature of the last ${time(rule.window_seconds)} ${limit}`;
    case 'predicted_breach':
      return `${limit} within ${time(rule.lead_seconds)} if it goes on as in the last ${time(rule.window_seconds)}`;
    case 'rate_of_change': {
      const how = rule.side === 'below' ? 'falls' : rule.side === 'either' ? 'changes' : 'rises';
      return `${how} by more than ${shownDifference(rule, rule.limit ?? 0, scale)} an hour, over ${time(rule.window_seconds)}`;
    }
    case 'model_persistence':
      return `unusual for this unit: score above ${written(rule.score_limit ?? 1)}`;
    case 'no_data':
      return rule.silent_after_seconds ? `nothing heard for ${time(rule.silent_after_seconds)}` : 'nothing heard for three of its intervals';
    case 'sensor_fault':
      return 'the same value more often in a row than is believable';
  }
}

/** "Above −15 °C, lasting 10 min, over when inside by 0.5 °C": in the scale of whoever reads. */
export function ruleSays(rule: Rule, scale: Scale): string {
  const out = [condition(rule, scale)];
  if (rule.consecutive && rule.consecutive > 1) out.push(`in ${rule.consecutive} readings in a row`);
  if (rule.on_delay_seconds) out.push(`lasting ${length(rule.on_delay_seconds)}`);
  if (rule.tolerated_to !== undefined) out.push(`up to ${shownTemperature(rule, rule.tolerated_to, scale)} borne for ${length(rule.tolerated_for_seconds ?? 0)}`);
  const by = rule.deadband ? ` by ${shownDifference(rule, rule.deadband, scale)}` : '';
  const lasting = rule.off_delay_seconds ? ` for ${length(rule.off_delay_seconds)}` : '';
  if (by || lasting) out.push(`over when inside${by}${lasting}`);
  if (rule.reason_required) out.push('acknowledging needs a reason');
  const text = out.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Which of the rules it is, where several are of one kind and level: "too warm, critical: above −15 °C, lasting 10 min". */
export function ruleTitle(rule: Rule, scale: Scale): string {
  const delay = rule.on_delay_seconds ? `, lasting ${length(rule.on_delay_seconds)}` : '';
  return `${kindWords[rule.kind]}, ${rule.level}: ${condition(rule, scale)}${delay}`;
}

/** Whose rule it is: "facility F1", "this unit", "built in". */
export function comesFrom(rule: PlacedRule): string {
  if (rule.scope === 'unit') return 'this unit';
  if (rule.scope === 'kind') return `kind ${(rule.place ?? '').replaceAll('_', ' ')}`;
  if (rule.scope !== 'program') return `${rule.scope} ${rule.place}`;
  return rule.kind === 'model_persistence' ? 'built in' : 'built in, with the registered limit';
}

/** Since when, or from when on, it counts; empty for what always did. */
export function countsSince(rule: PlacedRule, now: number): string {
  if (!rule.from) return '';
  return Date.parse(rule.from) > now ? `from ${moment(rule.from)} on` : `since ${moment(rule.from)}`;
}

/** The title of the profile that a rule was taken from, by the rule's id: the one that explains most of its place. */
export function profilesOf(rules: PlacedRule[], profiles: RuleProfile[]): Map<number, string> {
  const stored = rules.filter((rule) => rule.scope !== 'program');
  const place = (rule: PlacedRule) => `${rule.scope} ${rule.place} ${rule.customer_code}`;
  const fits = (profile: RuleProfile, rule: PlacedRule) => profile.rules.some((one) => {
    const given = Object.entries(one).filter(([name]) => name !== 'id');
    return given.every(([name, value]) => rule[name as keyof Rule] === value);
  });
  const out = new Map<number, string>();
  for (const rule of stored) {
    const beside = stored.filter((each) => place(each) === place(rule));
    const candidates = profiles.filter((profile) => fits(profile, rule)).map((profile) => ({ profile, found: beside.filter((each) => fits(profile, each)).length }));
    const most = Math.max(...candidates.map((each) => each.found));
    const best = candidates.filter((each) => each.found === most);
    if (best.length === 1 && best[0]) out.set(rule.id, best[0].profile.title);
  }
  return out;
}

// ---- what a unit has

/** What judges a unit, its own rules, and the revision of these that a change is decided on. */
export interface KnownRules {
  judging: PlacedRule[];
  own: PlacedRule[];
  revision: number;
  /** When those rules begin to count; null when they do already. */
  changesAt: string | null;
  /** What judges until then and no longer. */
  untilThen: PlacedRule[];
}

const mostChanges = 20;
const revisionOf = (rule: PlacedRule) => `${rule.id} ${rule.from ?? ''}`;

/** The newest rules of a unit, those that do not count yet among them. Its own come first: a change in between is
 *  noticed by their revision. */
export async function readRules(api: Pick<Api, 'rulesOfUnit' | 'unitRules'>, unit: string): Promise<KnownRules> {
  const { rules: own, revision } = await api.rulesOfUnit(unit);
  const present = await api.unitRules(unit);
  let judged = present;
  let changesAt: string | null = null;
  for (let i = 0; judged.next_change && i < mostChanges; i++) {
    changesAt = judged.next_change;
    judged = await api.unitRules(unit, changesAt);
  }
  const stays = new Set(judged.rules.map(revisionOf));
  return { judging: judged.rules, own, revision, changesAt, untilThen: present.rules.filter((rule) => !stays.has(revisionOf(rule))) };
}

// ---- what somebody wants to be otherwise

/** What was typed, by the field; a field that nobody touched is not there. */
export interface Edit {
  limit?: string;
  deadband?: string;
  after?: string;
  name?: string;
}
export type Edits = Record<number, Edit>;
export type Field = keyof Edit;

const limited: RuleKind[] = ['low_limit', 'high_limit', 'cumulative', 'mkt_limit', 'predicted_breach'];
/** Rules whose limit is a temperature. */
export const hasLimit = (rule: Rule) => limited.includes(rule.kind);
/** A summed time is over when the sum is. */
export const hasDeadband = (rule: Rule) => hasLimit(rule) && rule.kind !== 'cumulative';

/** What the fields show before somebody types, in the unit's scale; the time in minutes. */
export function fieldsOf(rule: Rule, scale: Scale): Required<Edit> {
  return {
    limit: String(temperatureIn(rule, rule.limit ?? 0, scale)),
    deadband: String(differenceIn(rule, rule.deadband ?? 0, scale)),
    after: String(Number(((rule.on_delay_seconds ?? 0) / 60).toFixed(4))),
    name: rule.name,
  };
}

export function isEdited(rule: Rule, edit: Edit | undefined, scale: Scale): boolean {
  if (edit === undefined) return false;
  const before = fieldsOf(rule, scale);
  return (Object.keys(edit) as Field[]).some((field) => {
    const typed = edit[field] ?? before[field];
    return field === 'name' ? typed.trim() !== before.name : Number(typed) !== Number(before[field]);
  });
}

/** A name with a number in it may be about the limit or the time that was changed. */
export function nameMayLie(rule: Rule, edit: Edit | undefined, scale: Scale): boolean {
  return /\d/.test(rule.name) && edit?.name === undefined && isEdited(rule, edit, scale);
}

function edited(rule: PlacedRule, edit: Edit | undefined, scale: Scale): PlacedRule {
  if (!edit || !isEdited(rule, edit, scale)) return rule;
  const text = { ...fieldsOf(rule, scale), ...edit };
  return {
    ...rule,
    limit: Number(text.limit),
    unit: scale,
    deadband: Number(text.deadband),
    ...(rule.tolerated_to === undefined ? {} : { tolerated_to: temperatureIn(rule, rule.tolerated_to, scale) }),
    ...(edit.after === undefined ? {} : { on_delay_seconds: Math.round(Number(edit.after) * 60) }),
    name: text.name.trim(),
  };
}

/** As the nearest place that has rules of a sort replaces all that are farther. */
function sortOf(rule: Rule): string {
  const sided = rule.kind === 'cumulative' || rule.kind === 'predicted_breach' || rule.kind === 'rate_of_change';
  return `${rule.kind} ${rule.level} ${sided ? rule.side : ''}`;
}

/** A rule from farther away as one of the unit's own: without what is filled in for the unit alone. */
function asOwn(rule: PlacedRule, intervalSeconds: number): Rule {
  const { scope: _s, place: _p, customer_code: _c, off: _o, revision: _r, from: _f, changed_at: _a, id: _i, max_gap_seconds: gap, ...rest } = rule;
  const usual = intervalSeconds > 0 ? 3 * intervalSeconds : 3600;
  return { ...rest, ...(gap === undefined || gap === usual ? {} : { max_gap_seconds: gap }) } as Rule;
}

export interface Wanted {
  /** The whole list of the unit's own rules, as the API takes it. */
  rules: object[];
  /** Of each of them, the id of the rule that was shown. */
  of: number[];
}

/** The unit's own rules with what was edited. A rule from farther away that is edited becomes one of the unit's own,
 *  with all others of its sort: those of the nearest place alone count. */
export function wantedOf(known: KnownRules, edits: Edits, scale: Scale, intervalSeconds: number): Wanted {
  const out: Wanted = { rules: [], of: [] };
  for (const rule of known.own) {
    out.rules.push(rule.off ? rule : edited(rule, edits[rule.id], scale));
    out.of.push(rule.id);
  }
  const farther = known.judging.filter((rule) => rule.scope !== 'unit');
  const sorts = new Set(farther.filter((rule) => isEdited(rule, edits[rule.id], scale)).map(sortOf));
  for (const rule of farther) {
    if (!sorts.has(sortOf(rule))) continue;
    out.rules.push(asOwn(edited(rule, edits[rule.id], scale), intervalSeconds));
    out.of.push(rule.id);
  }
  return out;
}

// ---- what came of it

/** What is wrong, and at which field; without a field it is about the rule, without a rule about all. */
export interface Complaint {
  rule: number | null;
  field: Field | 'reason' | null;
  text: string;
}

const fieldsByMember: Record<string, Field> = { limit: 'limit', unit: 'limit', deadband: 'deadband', on_delay_seconds: 'after', name: 'name' };

export function complaintsOf(error: unknown, of: number[]): Complaint[] {
  const all = (text: string): Complaint[] => [{ rule: null, field: null, text }];
  if (!(error instanceof ApiError)) return all('Something went wrong; try again.');
  if (error.status === 403) return all('This token may not change rules: an admin token may.');
  if (error.status === 412) return all('Somebody else changed these rules meanwhile; nothing was saved. They were read anew: look at them, and try again.');
  if (error.errors.length === 0) return all(error.message);
  return error.errors.map(({ pointer, detail }) => {
    if (pointer === '#/reason') return { rule: null, field: 'reason', text: detail };
    const [, index, member] = /^#\/rules\/(\d+)(?:\/(.+))?$/.exec(pointer) ?? [];
    const rule = index === undefined ? null : (of[Number(index)] ?? null);
    const field = rule === null ? null : (fieldsByMember[member ?? ''] ?? null);
    return { rule, field, text: field || !member ? detail : `${member}: ${detail}` };
  });
}

/** "90 days", "11 days", "20 h": how far back it looked. */
export function spanOf(of: Preview): string {
  const hours = (Date.parse(of.to) - Date.parse(of.from)) / 3_600_000;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.floor(hours / 24)} days`;
}

/** What other rules would have meant. */
export function previewInWords(of: Preview): string[] {
  if (of.readings === 0) return ['No readings are stored: nothing can be said.'];
  if (of.appear + of.vanish + of.merge + of.split === 0) return ['The same alarms would have been raised.'];
  const many = (count: number) => `${count} ${count === 1 ? 'alarm' : 'alarms'}`;
  const out: string[] = [];
  if (of.appear + of.vanish > 0) out.push(`${many(of.appear)} more would have been raised, ${of.vanish} fewer of those that were.`);
  if (of.merge > 0) out.push(`${many(of.merge)} would have been part of another.`);
  if (of.split > 0) out.push(`${many(of.split)} more would have been raised for the same excursions.`);
  const { now, then } = of.per_month;
  if (now === null || then === null) out.push('Less than a day of readings is stored: nothing can be said of a month.');
  else out.push(`In a month: ${now.toFixed(1)} as it is, ${then.toFixed(1)} then.`);
  return out;
}
