// Words and numbers for people.
import type { Alarm, Scale } from './types';

export function inScale(celsius: number, scale: Scale): number {
  if (scale === 'F') return (celsius * 9) / 5 + 32;
  return scale === 'K' ? celsius + 273.15 : celsius;
}

export function degrees(celsius: number | null, scale: Scale): string {
  if (celsius === null) return '–';
  const sign = scale === 'K' ? ' K' : ` °${scale}`;
  return inScale(celsius, scale).toFixed(1).replace('-', '−') + sign;
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

export function clock(iso: string): string {
  return new Date(iso).toLocaleString(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
}

export function ruleInWords(alarm: Alarm, scale: Scale): string {
  const value = degrees(alarm.raised_temperature_c, scale);
  if (alarm.rule === 'high_limit') return `${value}, above ${degrees(alarm.limits.high_c, scale)}`;
  if (alarm.rule === 'low_limit') return `${value}, below ${degrees(alarm.limits.low_c, scale)}`;
  return `unusual pattern in ${alarm.limits.consecutive} readings in a row, at ${value}`;
}
