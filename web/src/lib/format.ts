// Words and numbers for people.
import type { Alarm, Scale, Unit } from './types';

export function inScale(celsius: number, scale: Scale): number {
  if (scale === 'F') return (celsius * 9) / 5 + 32;
  return scale === 'K' ? celsius + 273.15 : celsius;
}

export function symbol(scale: Scale): string {
  return scale === 'K' ? 'K' : `°${scale}`;
}

export function degrees(celsius: number | null, scale: Scale): string {
  if (celsius === null) return '–';
  return `${plainDegrees(celsius, scale)} ${symbol(scale)}`;
}

/** The number alone. */
export function plainDegrees(celsius: number, scale: Scale, digits = 1): string {
  return inScale(celsius, scale).toFixed(digits).replace(/^-(0\.0+)$/, '$1').replace('-', '−');
}

/** Where a unit stands, the number alone: of what is beyond a limit with as many digits as show it. */
export function plainlyNow(unit: Unit): string {
  const { current_temperature_c: celsius, temperature_unit: scale, low_c: low, high_c: high } = unit;
  if (celsius === null) return '–';
  const passed = celsius > high ? high : celsius < low ? low : null;
  const hidden = (digits: number) => passed !== null && plainDegrees(celsius, scale, digits) === plainDegrees(passed, scale, digits);
  return plainDegrees(celsius, scale, hidden(1) ? (hidden(2) ? 3 : 2) : 1);
}

/** The same with its scale. */
export function degreesNow(unit: Unit): string {
  return unit.current_temperature_c === null ? '–' : `${plainlyNow(unit)} ${symbol(unit.temperature_unit)}`;
}

/** "just now", "40 s", "12 min", "3 h", "2 d". */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

export function ago(at: number | null, now: number): string {
  if (at === null) return 'never';
  const words = age(now - at);
  return words === 'just now' ? words : `${words} ago`;
}

/** The time of day, and the day when it is another one. */
export function clock(iso: string, now: number): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString('en-GB');
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}

/** "3 Nov 2026, 12:03": for what may be long ago. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}

function short(celsius: number, scale: Scale): string {
  return Number(inScale(celsius, scale).toFixed(1)).toString().replace('-', '−');
}

/** "−25/−15": limits in little room. */
export function shortRange(lowCelsius: number, highCelsius: number, scale: Scale): string {
  return `${short(lowCelsius, scale)}/${short(highCelsius, scale)}`;
}

/** "−25 to −15 °C" */
export function range(lowCelsius: number, highCelsius: number, scale: Scale): string {
  return `${short(lowCelsius, scale)} to ${short(highCelsius, scale)} ${symbol(scale)}`;
}

/** The API's words with the minus sign of the page. */
export function found(words: string): string {
  return words.replace(/-(?=\d)/g, '−');
}

/** What is wrong, with what showed it and the limit that it broke. */
export function ruleInWords(alarm: Alarm, scale: Scale): string {
  const value = degrees(alarm.raised_temperature_c, scale);
  const finding = alarm.finding ? `: ${found(alarm.finding)}` : '';
  switch (alarm.rule) {
    case 'high_limit':
      return `Too warm${finding}`;
    case 'low_limit':
      return `Too cold${finding}`;
    case 'cumulative':
      return `Out of range for too long in all${finding}`;
    case 'rate_of_change':
      return `Temperature changes too fast${finding}`;
    case 'predicted_breach':
      return `On its way to its limit${finding}`;
    case 'no_data':
      return alarm.raised_temperature_c === null ? 'Never heard' : `No readings; the last was ${value}`;
    case 'sensor_fault':
      return `The sensor says the same for too long: ${value}`;
    case 'mkt_limit':
      return `Mean kinetic temperature too high${finding}`;
    case 'model_persistence':
      if (alarm.explanation) return `Unusual: ${alarm.explanation}`;
      return `Unusual pattern in ${alarm.limits.consecutive} readings in a row, at ${value}`;
  }
}

/** A shelving ends by its time, and nothing tells of that. */
export function stageAt(alarm: Alarm, now: number): string {
  const shelved = alarm.stage === 'shelved' ? alarm.life.shelved : null;
  if (!shelved || now < Date.parse(shelved.until)) return alarm.stage;
  if (alarm.state === 'open') return alarm.life.acknowledged ? 'acknowledged' : 'unacknowledged';
  return alarm.life.acknowledged ? 'normal' : 'returned_unacknowledged';
}

/** What people or the engine did to an alarm; empty while nobody has. */
export function stageInWords(alarm: Alarm, now: number): string {
  const words: Record<string, string> = {
    acknowledged: 'acknowledged',
    returned_unacknowledged: 'nobody has acknowledged it',
    normal: alarm.life.acknowledged ? 'acknowledged' : 'needs no acknowledgement',
    shelved: 'shelved',
    suppressed: 'part of a common cause',
    out_of_service: 'unit out of service',
    closed: 'closed',
  };
  return words[stageAt(alarm, now)] ?? '';
}

/** The worst value of an ended alarm, where it is worse than the first; while it is open the worst is not known yet. */
export function worstInWords(alarm: Alarm): string {
  if (alarm.state === 'open') return '';
  if (alarm.rule === 'model_persistence') return `highest score ${alarm.peak_score.toFixed(2)}`;
  if (!alarm.worst || alarm.extreme_c === alarm.raised_temperature_c) return '';
  return `${alarm.rule === 'high_limit' ? 'warmest' : 'coldest'} ${found(alarm.worst)}`;
}
