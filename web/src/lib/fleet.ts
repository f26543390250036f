// The state of the page as plain data: what a frame does to it, and what is shown of it. No DOM.
import type { Alarm, Frame, Item, Unit } from './types';

export interface Point {
  t: number;
  c: number;
}
export interface UnitView {
  unit: Unit;
  /** Newest reading, milliseconds UTC; null before the first. */
  at: number | null;
  /** The last readings, oldest first, for the sparkline. */
  trail: Point[];
}
export interface Fleet {
  units: Map<string, UnitView>;
  /** Open ones, and those that ended while the page was open; newest first. */
  alarms: Alarm[];
}

const trailLength = 60;
const endedAlarmsKept = 50;

export function emptyFleet(): Fleet {
  return { units: new Map(), alarms: [] };
}

function viewOf(unit: Unit, before: UnitView | undefined): UnitView {
  const at = unit.last_reading_time ? Date.parse(unit.last_reading_time) : null;
  return { unit, at, trail: before?.trail ?? [] };
}

function takeReading(fleet: Fleet, id: string, t: number, c: number, score: number | null): void {
  const before = fleet.units.get(id);
  if (!before) return;
  const last = before.trail.at(-1);
  const trail = last && t <= last.t ? before.trail : [...before.trail.slice(1 - trailLength), { t, c }];
  const newest = before.at === null || t >= before.at;
  const unit = newest ? { ...before.unit, current_temperature_c: c, score } : before.unit;
  fleet.units.set(id, { unit, at: newest ? t : before.at, trail });
}

function takeAlarm(fleet: Fleet, alarm: Alarm): void {
  const others = fleet.alarms.filter((a) => a.id !== alarm.id);
  if (alarm.state === 'annulled') fleet.alarms = others;
  else fleet.alarms = sortAlarms([alarm, ...others]);
  const view = fleet.units.get(alarm.unit_id);
  if (!view) return;
  const rules = fleet.alarms.filter((a) => a.unit_id === alarm.unit_id && a.state === 'open').map((a) => a.rule);
  fleet.units.set(alarm.unit_id, { ...view, unit: { ...view.unit, open_rules: rules } });
}

function sortAlarms(alarms: Alarm[]): Alarm[] {
  const open = alarms.filter((a) => a.state === 'open').sort((a, b) => b.raised_at.localeCompare(a.raised_at));
  const ended = alarms.filter((a) => a.state !== 'open');
  return [...open, ...ended.slice(0, endedAlarmsKept)];
}

function takeItem(fleet: Fleet, item: Item): void {
  if (item.type === 'reading') takeReading(fleet, item.unit_id, item.t, item.c, item.score);
  else takeAlarm(fleet, item.alarm);
}

/** Changes the fleet by a frame; gives the same object. What a frame touches is replaced, never changed inside. */
export function applyFrame(fleet: Fleet, frame: Frame): Fleet {
  if (frame.type === 'snapshot') {
    fleet.units = new Map(frame.units.map((unit) => [unit.id, viewOf(unit, fleet.units.get(unit.id))]));
    fleet.alarms = sortAlarms([...frame.alarms]);
  } else if (frame.type === 'items' || frame.type === 'coalesced') {
    for (const item of frame.items) takeItem(fleet, item);
  }
  return fleet;
}

export type State = 'alarm' | 'stale' | 'no_data' | 'normal';

/** As the server judges it: three missed readings, at least a minute, make a unit stale. */
export function stateOf(view: UnitView, now: number): State {
  if (view.unit.open_rules.length > 0) return 'alarm';
  if (view.at === null) return 'no_data';
  const interval = (view.unit.interval_seconds || 300) * 1000;
  return now - view.at > Math.max(3 * interval, 60_000) ? 'stale' : 'normal';
}

/** The fleet at one moment, to be drawn. */
export interface Picture {
  units: UnitView[];
  alarms: Alarm[];
  now: number;
}

export function pictureOf(fleet: Fleet, now: number): Picture {
  return { units: [...fleet.units.values()], alarms: fleet.alarms, now };
}

export interface Group {
  title: string;
  units: UnitView[];
}

/** By customer and facility, in their order; only the states that are asked for, when any are. */
export function grouped({ units, now }: Picture, only: State | null): Group[] {
  const groups = new Map<string, UnitView[]>();
  const sorted = [...units].sort((a, b) =>
    a.unit.unit_code.localeCompare(b.unit.unit_code, undefined, { numeric: true }),
  );
  for (const view of sorted) {
    if (only && stateOf(view, now) !== only) continue;
    const title = `${view.unit.customer_code} · ${view.unit.facility_code}`;
    groups.set(title, [...(groups.get(title) ?? []), view]);
  }
  return [...groups].map(([title, units]) => ({ title, units }));
}

export function counts({ units, now }: Picture): Record<State, number> {
  const out: Record<State, number> = { alarm: 0, stale: 0, no_data: 0, normal: 0 };
  for (const view of units) out[stateOf(view, now)]++;
  return out;
}
