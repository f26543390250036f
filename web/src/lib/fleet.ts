// The state of the page as plain data: what a frame does to it, and what is shown of it. No DOM.
import type { Alarm, Frame, Item, Series, Unit } from './types';

export interface Point {
  t: number;
  c: number;
}
export interface UnitView {
  unit: Unit;
  /** Newest reading, milliseconds UTC; null before the first. */
  at: number | null;
  /** Newest sign of life, null readings included. */
  contact: number | null;
  /** The last two hours, oldest first, thinned: for the small chart. */
  trail: Point[];
}
/** Every live reading of the unit whose chart is open. */
export interface Followed {
  unit: string;
  points: Point[];
  /** Changes when points are missing between the stored history and these: it has to be read again. */
  round: number;
}
export interface Fleet {
  /** In the order in which they are shown. */
  units: Map<string, UnitView>;
  /** Open ones, and those that ended while the page was open; newest first. */
  alarms: Alarm[];
  followed: Followed | null;
}

export const trailSpan = 2 * 3_600_000;
export const trailSlots = 60;
const slot = trailSpan / trailSlots;
const endedAlarmsKept = 50;
const followedKept = 5000;

export function emptyFleet(): Fleet {
  return { units: new Map(), alarms: [], followed: null };
}

function byPlace(a: Unit, b: Unit): number {
  return natural.compare(a.customer_code, b.customer_code) || natural.compare(a.facility_code, b.facility_code) ||
    natural.compare(a.unit_code, b.unit_code);
}
const natural = new Intl.Collator('en', { numeric: true });

function viewOf(unit: Unit, before: UnitView | undefined): UnitView {
  const at = unit.last_reading_time ? Date.parse(unit.last_reading_time) : null;
  const contact = unit.last_contact ? Date.parse(unit.last_contact) : at;
  return { unit, at, contact, trail: before?.trail ?? [] };
}

/** One point a slot, the newest; what is older than the span falls off. */
function appended(trail: Point[], point: Point): Point[] {
  const last = trail.at(-1);
  if (last && point.t <= last.t) return trail;
  const sameSlot = last && Math.floor(last.t / slot) === Math.floor(point.t / slot);
  const oldest = point.t - trailSpan;
  return [...(sameSlot ? trail.slice(0, -1) : trail).filter((p) => p.t > oldest), point];
}

/** Puts the stored past before what came in live. */
export function takePast(fleet: Fleet, id: string, past: Series): void {
  const view = fleet.units.get(id);
  if (!view) return;
  let trail: Point[] = [];
  past.t.forEach((t, i) => (trail = appended(trail, { t, c: past.c[i] ?? 0 })));
  for (const point of view.trail) trail = appended(trail, point);
  fleet.units.set(id, { ...view, trail });
}

/** From now on every reading of this unit is kept; null ends it. */
export function follow(fleet: Fleet, unit: string | null): void {
  if (unit === null) {
    fleet.followed = null;
    return;
  }
  const view = fleet.units.get(unit);
  const c = view?.unit.current_temperature_c ?? null;
  // The newest reading may be thinned out of the stored history that is drawn before these.
  const points = view?.at != null && c !== null ? [{ t: view.at, c }] : [];
  fleet.followed = { unit, points, round: 0 };
}

function takeFollowed(fleet: Fleet, point: Point): void {
  const followed = fleet.followed;
  if (!followed || point.t <= (followed.points.at(-1)?.t ?? -Infinity)) return;
  if (followed.points.length < followedKept) fleet.followed = { ...followed, points: [...followed.points, point] };
  else fleet.followed = { ...followed, points: [point], round: followed.round + 1 };
}

function takeReading(fleet: Fleet, id: string, t: number, c: number, score: number | null): void {
  const before = fleet.units.get(id);
  if (!before) return;
  if (fleet.followed?.unit === id) takeFollowed(fleet, { t, c });
  const newest = before.at === null || t >= before.at;
  const unit = newest ? { ...before.unit, current_temperature_c: c, score } : before.unit;
  fleet.units.set(id, {
    unit,
    at: newest ? t : before.at,
    contact: Math.max(t, before.contact ?? t),
    trail: appended(before.trail, { t, c }),
  });
}

function takeAlarm(fleet: Fleet, alarm: Alarm): void {
  const others = fleet.alarms.filter((a) => a.id !== alarm.id);
  // What never was, and what somebody has done with, is no part of now.
  if (alarm.state === 'annulled' || alarm.stage === 'closed') fleet.alarms = others;
  else fleet.alarms = sortAlarms([alarm, ...others]);
  const view = fleet.units.get(alarm.unit_id);
  if (!view) return;
  const rules = fleet.alarms.filter((a) => a.unit_id === alarm.unit_id && a.state === 'open').map((a) => a.rule);
  fleet.units.set(alarm.unit_id, { ...view, unit: { ...view.unit, open_rules: rules } });
}

function sortAlarms(alarms: Alarm[]): Alarm[] {
  const open = alarms.filter((a) => a.state === 'open').sort((a, b) => Date.parse(b.raised_at) - Date.parse(a.raised_at));
  const ended = alarms.filter((a) => a.state !== 'open');
  return [...open, ...ended.slice(0, endedAlarmsKept)];
}

function takeService(fleet: Fleet, id: string, out_of_service: Unit['out_of_service']): void {
  const view = fleet.units.get(id);
  if (view) fleet.units.set(id, { ...view, unit: { ...view.unit, out_of_service } });
}

function takeItem(fleet: Fleet, item: Item): void {
  if (item.type === 'reading') takeReading(fleet, item.unit_id, item.t, item.c, item.score);
  else if (item.type === 'service') takeService(fleet, item.unit_id, item.out_of_service);
  else if (item.alarm) takeAlarm(fleet, item.alarm);
}

/** Changes the fleet by a frame; gives the same object. What a frame touches is replaced, never changed inside. */
export function applyFrame(fleet: Fleet, frame: Frame): Fleet {
  if (frame.type === 'snapshot') {
    const inOrder = [...frame.units].sort(byPlace);
    fleet.units = new Map(inOrder.map((unit) => [unit.id, viewOf(unit, fleet.units.get(unit.id))]));
    fleet.alarms = sortAlarms([...frame.alarms]);
    if (fleet.followed) fleet.followed = { ...fleet.followed, points: [], round: fleet.followed.round + 1 };
  } else if (frame.type === 'items' || frame.type === 'coalesced') {
    for (const item of frame.items) takeItem(fleet, item);
  }
  return fleet;
}

export type State = 'alarm' | 'stale' | 'no_data' | 'normal';

/** As the server judges it: three missed contacts, at least a minute, make a unit stale. */
export function stateOf(view: UnitView, now: number): State {
  if (view.unit.open_rules.length > 0) return 'alarm';
  if (view.at === null || view.contact === null) return 'no_data';
  const interval = (view.unit.interval_seconds || 300) * 1000;
  return now - view.contact > Math.max(3 * interval, 60_000) ? 'stale' : 'normal';
}

/** The fleet at one moment, to be drawn. */
export interface Picture {
  units: UnitView[];
  alarms: Alarm[];
  followed: Followed | null;
  now: number;
}

export function pictureOf(fleet: Fleet, now: number): Picture {
  return { units: [...fleet.units.values()], alarms: fleet.alarms, followed: fleet.followed, now };
}

export interface Group {
  key: string;
  customer: string;
  facility: string;
  units: UnitView[];
}

/** By customer and facility, in their order; only the units in one state, when one is asked for. */
export function grouped({ units, now }: Picture, only: State | null): Group[] {
  const groups = new Map<string, Group>();
  for (const view of units) {
    if (only && stateOf(view, now) !== only) continue;
    const { facility_id: key, customer_code: customer, facility_code: facility } = view.unit;
    const group = groups.get(key);
    if (group) group.units.push(view);
    else groups.set(key, { key, customer, facility, units: [view] });
  }
  return [...groups.values()];
}

export function counts({ units, now }: Picture): Record<State, number> {
  const out: Record<State, number> = { alarm: 0, stale: 0, no_data: 0, normal: 0 };
  for (const view of units) out[stateOf(view, now)]++;
  return out;
}
