// What the chart draws, as plain columns.
import type { Point } from './fleet';
import { inScale } from './format';
import type { Scale, Series } from './types';

/** Times in seconds, values in the scale; null where the line breaks. */
export type Columns = [number[], (number | null)[]];

/** The newest stored readings, then the live ones after them; a gap longer than five usual steps is drawn as a gap. */
export function columns(series: Series, live: Point[], from: number, scale: Scale): Columns {
  const newest = series.t.at(-1) ?? -Infinity;
  const t = [...series.t, ...live.filter((p) => p.t > newest).map((p) => p.t)];
  const c = [...series.c, ...live.filter((p) => p.t > newest).map((p) => p.c)];
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
