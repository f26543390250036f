// Alarms of Coldvigil itself and of common causes, as the page shows them.
import { clock } from './format';
import type { SystemAlarm } from './types';

/** Those that are open: unseen ones first, then the worse, then the newer. */
export function openAlarms(all: SystemAlarm[]): SystemAlarm[] {
  const rank = (a: SystemAlarm) => (a.acknowledged ? 2 : 0) + (a.severity === 'critical' ? 0 : 1);
  return all
    .filter((a) => a.cleared_at === null)
    .sort((a, b) => rank(a) - rank(b) || Date.parse(b.raised_at) - Date.parse(a.raised_at));
}

/** "Nothing is heard of a whole site: facility_A_1 of customer A" */
export function headline(alarm: SystemAlarm): string {
  const words = alarm.words.charAt(0).toUpperCase() + alarm.words.slice(1);
  if (alarm.customer_code === null) return words;
  return alarm.subject === alarm.customer_code
    ? `${words}: customer ${alarm.customer_code}`
    : `${words}: ${alarm.subject} of customer ${alarm.customer_code}`;
}

/** As much of a text as fits the place; the whole is elsewhere. */
export function shortened(text: string, most = 160): string {
  return text.length <= most ? text : `${text.slice(0, most - 2).trimEnd()} …`;
}

/** "Since 12:03:15; seen by token:anna: on my way" */
export function history(alarm: SystemAlarm, now: number): string {
  const since = `Since ${clock(alarm.raised_at, now)}`;
  const seen = alarm.acknowledged;
  if (!seen) return since;
  return `${since}; seen by ${seen.who}${seen.text ? `: ${shortened(seen.text)}` : ''}`;
}

/** "u1, u2 and 7 more"; empty where no units are concerned. */
export function unitsInWords(alarm: SystemAlarm, most = 12): string {
  const codes = alarm.units.slice(0, most).map((unit) => unit.unit_code);
  const more = alarm.units.length - codes.length;
  return codes.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
