// What the charts draw, as plain columns and paths.
import { trailSpan, type Point } from './fleet';
import { inScale } from './format';
import type { Curves, Scale, Series } from './types';

/** Times in seconds, values in the scale; null where the line breaks. */
export type Columns = [number[], (number | null)[]];

/** The newest stored readings, then the live ones after them; a gap longer than five usual steps is drawn as a gap. */
export function columns(series: Series, live: Point[], from: number, scale: Scale): Columns {
  const newest = series.t.at(-1) ?? -Infinity;
  const fresh = live.filter((p) => p.t > newest);
  const t = [...series.t, ...fresh.map((p) => p.t)];
  const c = [...series.c, ...fresh.map((p) => p.c)];
  const steps = series.t.slice(1).map((at, i) => at - (series.t[i] ?? at)).sort((a, b) => a - b);
  const longest = 5 * Math.max(steps[Math.floor(steps.length / 2)] ?? 0, 60_000);
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  t.forEach((at, i) => {
    if (at < from) return;
    const before = t[i - 1];
    if (before !== undefined && before >= from && at - before > longest) {
      xs.push((before + at) / 2000);
      ys.push(null);
    }
    xs.push(at / 1000);
    ys.push(inScale(c[i] ?? 0, scale));
  });
  return [xs, ys];
}

/** The newest point of each unbroken run that is shorter than `least` seconds: as a line nobody would see it. */
export function dots([xs, ys]: Columns, least: number): number[] {
  const found: number[] = [];
  let begin: number | undefined;
  xs.forEach((x, i) => {
    if (ys[i] === null) return;
    begin ??= x;
    const last = i + 1 === xs.length || ys[i + 1] === null;
    if (last && x - begin < least) found.push(i);
    if (last) begin = undefined;
  });
  return found;
}

/**
 * A path in a box of 100 by 100: the last two hours up to the newest point, the limits at a quarter and three quarters
 * of the height, so that a swing looks as large as it is dangerous.
 */
export function sparkline(trail: Point[], low: number, high: number): string {
  const end = trail.at(-1)?.t;
  if (end === undefined || trail.length < 2) return '';
  const middle = (low + high) / 2;
  const span = Math.max(high - low, 0.1) * 2;
  return trail
    .map(({ t, c }, i) => {
      const x = 100 - ((end - t) / trailSpan) * 100;
      const y = Math.min(99, Math.max(1, 50 - ((c - middle) / span) * 100));
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

export interface Evidence {
  /** In a box of 1000 by 100; y grows downwards. */
  course: string;
  usual: string;
  /** Heights of the limits that are asked for, and places of the times. */
  limits: number[];
  times: number[];
  /** Where time is left out. */
  cuts: number[];
  /** The values at the top and the bottom. */
  top: number;
  bottom: number;
}

/** The readings around an alarm as paths: everything that is asked for is in the picture, and what is left out takes no room. */
export function evidence(
  curves: Curves, from: number, to: number, scale: Scale, limits: number[], times: number[], leftOut: [number, number][] = [],
): Evidence | null {
  const [xs, ys] = columns({ t: curves.t, c: curves.c, score: [] }, [], from, scale);
  const usual = curves.usual.map((value) => (value === null ? null : inScale(value, scale)));
  const all = [...ys, ...usual, ...limits.map((each) => inScale(each, scale))].filter((each) => each !== null);
  if (ys.length === 0 || to <= from) return null;
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = Math.max((high - low) * 0.08, 0.2);
  const [bottom, top] = [low - room, high + room];
  const shown = (ms: number) => leftOut.reduce((rest, [begin, end]) => rest - Math.max(0, Math.min(ms, end) - begin), ms - from);
  const x = (ms: number) => Math.min(1000, Math.max(0, (shown(ms) / shown(to)) * 1000));
  const y = (value: number) => ((top - value) / (top - bottom)) * 100;
  const path = (at: number[], values: (number | null)[]) => {
    let pen = 'M';
    let out = '';
    values.forEach((value, i) => {
      if (value === null) pen = 'M';
      else {
        out += `${pen}${x(at[i] ?? 0).toFixed(1)} ${y(value).toFixed(1)}`;
        pen = 'L';
      }
    });
    return out;
  };
  return {
    course: path(xs.map((each) => each * 1000), ys),
    usual: path(curves.t, usual),
    limits: limits.map((each) => y(inScale(each, scale))),
    times: times.map(x),
    cuts: leftOut.map(([begin]) => x(begin)),
    top,
    bottom,
  };
}
