// The numbers of the alarm system beside what ISA-18.2, IEC 62682 and EEMUA 191 ask for.
import { length } from './alarm';
import type { AlarmNumbers } from './types';

export interface Cell {
  text: string;
  /** Beyond what the norm asks for. */
  over: boolean;
}
export interface Row {
  name: string;
  /** Empty where there is none. */
  aim: string;
  cells: Cell[];
}

const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
/** Two digits that count, never shown as none when there were some. */
function average(value: number): string {
  if (value === 0 || value >= 10) return value.toFixed(0);
  return value < 0.01 ? '< 0.01' : Number(value.toPrecision(2)).toString();
}

/** One column a period. */
export function rowsOf(periods: AlarmNumbers[]): Row[] {
  const row = (name: string, aim: string, text: (of: AlarmNumbers) => string, over: (of: AlarmNumbers) => boolean = () => false): Row => ({
    name, aim, cells: periods.map((of) => ({ text: text(of), over: over(of) })),
  });
  const seconds = (value: number | null) => (value === null ? '–' : length(value));
  const critical = (of: AlarmNumbers) => (of.alarms === 0 ? 0 : of.critical / of.alarms);
  return [
    row('Alarms raised', '', (of) => String(of.alarms)),
    row('An operator and day', 'at most 144', (of) => average(of.per_operator_day), (of) => of.per_operator_day > 144),
    row('An operator and 10 min', 'at most 1', (of) => average(of.per_operator_10_min), (of) => of.per_operator_10_min > 1),
    row('Most in 10 min', 'at most 10', (of) => String(of.most_in_10_min), (of) => of.most_in_10_min > 10),
    row('Most open at a time', '', (of) => String(of.most_active)),
    row('Floods', '', (of) => String(of.floods.length)),
    row('Time in floods', 'below 1 %', (of) => percent(of.share_in_flood), (of) => of.share_in_flood >= 0.01),
    row('Chattering rules', 'none', (of) => String(of.chattering.length), (of) => of.chattering.length > 0),
    row('Over within a minute', 'few', (of) => String(of.fleeting)),
    row('Open for more than a day', 'few', (of) => String(of.stale)),
    row('Critical', 'about 5 %', (of) => `${of.critical} (${percent(critical(of))})`),
    row('Share of the ten most frequent', 'below 5 %', (of) => percent(of.share_of_top), (of) => of.share_of_top >= 0.05),
    row('Acknowledged', '', (of) => `${of.acknowledged} of ${of.alarms}`),
    row('Time to acknowledge: median', '', (of) => seconds(of.seconds_to_acknowledge.median)),
    row('… of nine in ten', '', (of) => seconds(of.seconds_to_acknowledge.p90)),
    row('… longest', '', (of) => seconds(of.seconds_to_acknowledge.longest)),
    row('Found late, in no other number', 'few', (of) => String(of.retroactive)),
    row('Set aside when raised, in no other number', '', (of) => String(of.suppressed)),
  ];
}
