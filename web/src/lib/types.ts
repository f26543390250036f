// The shapes of docs/api.md that the page uses. Times are RFC 3339 texts or milliseconds UTC.

export interface Unit {
  id: string;
  unit_code: string;
  name: string | null;
  facility_id: string;
  facility_code: string;
  customer_code: string;
  temperature_unit: 'C' | 'F' | 'K';
  set_temperature: number | null;
  low_c: number;
  high_c: number;
  interval_seconds: number;
  current_temperature_c: number | null;
  last_reading_time: string | null;
  /** The newest reading of any sort, null ones included. */
  last_contact: string | null;
  score: number | null;
  score_state: string | null;
  temperature_status: 'normal' | 'alarm' | 'stale' | 'no_data';
  open_rules: string[];
  out_of_service: { since: string; who: string; reason: string } | null;
  /** What the configuration file says where the unit has other limits. */
  limits_not_taken: { low_c: number; high_c: number } | null;
}

/** What somebody did to an alarm. */
export interface Mark {
  at: string;
  who: string;
  text: string;
}

export type RuleKind =
  | 'low_limit'
  | 'high_limit'
  | 'model_persistence'
  | 'cumulative'
  | 'rate_of_change'
  | 'predicted_breach'
  | 'no_data'
  | 'sensor_fault'
  | 'mkt_limit';
export type Severity = 'warning' | 'critical';

/** What raises an alarm. Temperatures are in the rule's own `unit`; what is at its default is left out. */
export interface Rule {
  id: number;
  kind: RuleKind;
  level: Severity;
  name: string;
  side?: 'above' | 'below' | 'either';
  limit?: number;
  unit?: Scale;
  inclusive?: boolean;
  score_limit?: number;
  deadband?: number;
  consecutive?: number;
  tolerated_to?: number;
  tolerated_for_seconds?: number;
  on_delay_seconds?: number;
  off_delay_seconds?: number;
  window_seconds?: number;
  cumulative_seconds?: number;
  lead_seconds?: number;
  silent_after_seconds?: number;
  max_gap_seconds?: number;
  reason_required?: boolean;
}
/** A rule and whose it is. */
export interface PlacedRule extends Rule {
  scope: 'program' | 'customer' | 'kind' | 'facility' | 'unit';
  place?: string;
  customer_code?: string;
  off?: boolean;
  revision?: number;
  from?: string;
  changed_at?: string;
}
/** What a unit is judged by at a time. */
export interface UnitRules {
  rules: PlacedRule[];
  next_change: string | null;
}
/** The rules of one place, as they are committed. */
export interface PlaceRules {
  rules: PlacedRule[];
  revision: number;
}
export interface RuleChanges {
  changed: { removed: boolean; rule: PlacedRule }[];
}
export interface RuleProfile {
  name: string;
  title: string;
  rules: Rule[];
}

export interface Alarm {
  id: string;
  unit_id: string;
  unit_code: string;
  unit_name: string | null;
  facility_code: string;
  customer_code: string;
  rule: RuleKind;
  /** Null where the rule has no temperature as its limit. */
  rule_limit_c: number | null;
  stage: string;
  life: { acknowledged: Mark | null; shelved: (Mark & { until: string }) | null; assignee: string | null; raised_again: number };
  severity: Severity;
  rule_name: string;
  state: 'open' | 'cleared' | 'annulled';
  raised_at: string;
  cleared_at: string | null;
  /** Null of a unit that was never heard. */
  raised_temperature_c: number | null;
  extreme_c: number | null;
  peak_score: number;
  /** What the rule judged, beside its limit and in the unit's scale: "-14.96 °C (limit -15.00 °C)". */
  finding: string;
  /** The farthest out so far, told apart from the limit; empty where the rule has none. */
  worst: string;
  /** What drove the score, in words; empty unless the model raised the alarm. */
  explanation: string;
  limits: { low_c: number; high_c: number; consecutive: number };
  retroactive: boolean;
  unseen_seconds: number;
  end_unknown: boolean;
}

export interface Curves {
  t: number[];
  c: number[];
  usual: (number | null)[];
}
export interface Stretch {
  from: string;
  to: string;
}
/** One alarm by its id. */
export interface AlarmStory extends Alarm {
  definition: { reason_required?: boolean; name?: string };
  ended_by: 'condition' | 'rule_changed' | null;
  excursion: {
    onset: string;
    lowest_c: number | null;
    highest_c: number | null;
    mean_c: number | null;
    mkt_c: number | null;
    seconds: number;
    unseen_seconds: number;
    end_unknown: boolean;
  };
  transitions: { event: string; at: string; decided_at: string; state: Alarm['state'] }[];
  said: { event: string; at: string; who: string; text: string; until: string | null }[];
  /** Not in the answer to what is done to it. */
  evidence?: Curves & { from: string; to: string; left_out: Stretch[] };
}
export interface AlarmPage {
  items: Alarm[];
  next_cursor: string | null;
}

export interface Delivery {
  kind: string;
  person: string;
  channel: string;
  at: string;
  result: 'delivered' | 'retry' | 'refused' | 'withdrawn';
}
/** Whom an alarm would reach now. */
export interface OnCall {
  /** Null: alarms of Coldvigil itself. */
  customer: string | null;
  /** Null: of facilities that have no route of their own. */
  facility: string | null;
  severity: Severity;
  policy: string | null;
  steps: CallStep[];
}
export interface CallStep {
  after_seconds: number;
  persons: CalledPerson[];
}
export interface CalledPerson {
  person: string;
  name: string;
  on_duty: boolean;
  duty_changes_at: string | null;
  channels: string[];
}
/** The part of the contacts that the page shows. */
export interface Contacts {
  persons: { id: string; name: string; ways: { channel: string; address: string }[] }[];
}
export interface SelfTest {
  message: string;
  person: string;
  channel: string;
  address: string;
  sent_at: string;
  received_at: string | null;
  overdue: boolean;
}
/** For one WebSocket, with what the token may do. */
export interface Ticket {
  ticket: string;
  permission: 'read' | 'write' | 'admin';
  /** Null: all customers. */
  customer: string | null;
}
export interface AlarmSource {
  unit_id: string;
  unit_code: string;
  customer_code: string;
  rule_id: number;
  rule: RuleKind;
  alarms: number;
}
/** How good the alarm system itself is. */
export interface AlarmNumbers {
  operators: number;
  alarms: number;
  critical: number;
  warning: number;
  retroactive: number;
  suppressed: number;
  per_operator_10_min: number;
  per_operator_day: number;
  most_in_10_min: number;
  most_active: number;
  floods: { from: string; to: string }[];
  share_in_flood: number;
  chattering: AlarmSource[];
  fleeting: number;
  stale: number;
  top: AlarmSource[];
  share_of_top: number;
  acknowledged: number;
  seconds_to_acknowledge: { median: number | null; p90: number | null; longest: number | null };
}
/** What other rules would have raised. */
export interface Preview {
  from: string;
  to: string;
  readings: number;
  appear: number;
  vanish: number;
  /** Alarms of now that would be one, and pieces into which others would fall. */
  merge: number;
  split: number;
  /** Null when less than a day of readings was replayed. */
  per_month: { now: number | null; then: number | null };
}

/** An alarm of Coldvigil itself, or of a common cause. */
export interface SystemAlarm {
  id: string;
  fault: string;
  words: string;
  severity: Severity;
  customer_code: string | null;
  subject: string;
  detail: string;
  raised_at: string;
  cleared_at: string | null;
  acknowledged: { at: string; who: string; text: string } | null;
  units: { unit_id: string; unit_code: string }[];
}

export interface ReadingItem {
  n: number;
  type: 'reading';
  unit_id: string;
  t: number;
  c: number;
  score: number | null;
  state: string;
}
export interface AlarmItem {
  n: number;
  type: 'alarm';
  event: 'raised' | 'cleared' | 'revised' | 'annulled';
  alarm: Alarm | null; // null: of a customer that the page does not know yet
}
/** Somebody did something to an alarm. */
export interface LifeItem {
  n: number;
  type: 'life';
  alarm: Alarm | null;
}
export interface ServiceItem {
  n: number;
  type: 'service';
  unit_id: string;
  out_of_service: Unit['out_of_service'];
}
export type Item = ReadingItem | AlarmItem | LifeItem | ServiceItem;

export type Frame =
  | { type: 'snapshot'; cursor: string; units: Unit[]; alarms: Alarm[] }
  | { type: 'resumed'; cursor: string }
  | { type: 'items'; cursor: string; first: number; items: Item[] }
  | { type: 'coalesced'; cursor: string; from: number; to: number; items: Item[] }
  | { type: 'gap'; reason: string };

export interface Series {
  t: number[];
  c: number[];
  score: (number | null)[];
}

export type Scale = 'C' | 'F' | 'K';
