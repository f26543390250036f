// Whom alarms reach, in words.
import { length } from './alarm';
import { clock } from './format';
import type { CalledPerson, Delivery, OnCall, SelfTest, Unit } from './types';

/** A customer, and the codes of those of its facilities that have units. */
export interface Customer {
  code: string;
  facilities: string[];
}
export function customersOf(units: Pick<Unit, 'customer_code' | 'facility_code'>[]): Customer[] {
  const facilities = new Map<string, Set<string>>();
  for (const { customer_code: code, facility_code: facility } of units) facilities.set(code, (facilities.get(code) ?? new Set()).add(facility));
  return [...facilities].map(([code, found]) => ({ code, facilities: [...found] }));
}

/** "Ben by sms: delivered 03:12:44" */
export function deliveryInWords(one: Delivery, now: number): string {
  const results: Record<Delivery['result'], string> = { delivered: 'delivered', retry: 'not yet, will be tried again', refused: 'failed for good', withdrawn: 'not sent, no longer needed' };
  return `${one.person} by ${one.channel}: ${results[one.result]}, ${clock(one.at, now)}`;
}

function dutyInWords(of: CalledPerson, now: number): string {
  const until = of.duty_changes_at ? ` until ${clock(of.duty_changes_at, now)}` : '';
  if (of.on_duty) return until ? `on duty${until}` : '';
  return `off duty${until}`;
}

const after = (seconds: number) => (seconds === 0 ? 'At once' : `After ${length(seconds)}`);

/** Step by step: "At once: Anna (by sms; on duty until 20:00:00), Ben (by mail; off duty)". */
export function onCallInWords(of: OnCall, now: number): string[] {
  return of.steps.map((step) => {
    const people = step.persons.map((each) => `${each.name} (${[`by ${each.channels.join(', ')}`, dutyInWords(each, now)].filter(Boolean).join('; ')})`);
    return `${after(step.after_seconds)}: ${people.join(', ') || 'nobody'}`;
  });
}

/** On duty when the step comes, as far as the next change of duty tells. */
function thereAt(of: CalledPerson, at: number): boolean {
  const changes = of.duty_changes_at === null ? Infinity : Date.parse(of.duty_changes_at);
  return changes <= at ? !of.on_duty : of.on_duty;
}

/** What is wrong with who would be called, in plain words; empty when somebody is called at once. */
export function gapInWords(of: OnCall, now: number): string {
  const whose = of.facility === null ? `customer ${of.customer}` : `facility ${of.facility}`;
  const what = of.customer === null ? 'An alarm of Coldvigil itself' : `A ${of.severity} alarm of ${whose}`;
  if (!of.policy) return `${what} would reach nobody: no route names anybody to call.`;
  const first = of.steps.find((step) => step.persons.some((each) => thereAt(each, now + step.after_seconds * 1000)));
  if (!first) {
    const known = of.steps.some((step) => step.persons.length > 0);
    return `${what} would reach nobody: ${known ? 'everybody is off duty' : 'nobody in the policy is called for it'}.`;
  }
  return first.after_seconds > 0 ? `${what} would reach nobody for the first ${length(first.after_seconds)}.` : '';
}

/** "sent 12:03:01, arrived 12:03:04" */
export function testInWords(of: SelfTest, now: number): string {
  const sent = `sent ${clock(of.sent_at, now)}`;
  if (of.received_at) return `${sent}, arrived ${clock(of.received_at, now)}`;
  return of.overdue ? `${sent}, HAS NOT ARRIVED` : `${sent}, not confirmed yet`;
}
