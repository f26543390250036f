// Calls of the REST API with a bearer token. Every failure is an ApiError that can be shown to a person.
import type { AlarmNumbers, AlarmPage, AlarmStory, Contacts, Delivery, OnCall, PlaceRules, Preview, RuleChanges, RuleProfile, SelfTest, Series, SystemAlarm, Ticket, UnitRules } from './types';

/** What is wrong with one part of a body, by its place there. */
export interface FieldError {
  pointer: string;
  detail: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors: FieldError[] = [],
  ) {
    super(message);
  }
}

/** A failure in words for a person; `otherwise` of one that is no answer of the API. */
export function saidBy(error: unknown, otherwise = 'Something went wrong; try again.'): string {
  return error instanceof ApiError ? error.message : otherwise;
}

const patience = 30_000;

/** What the server says is wrong, in its own words: they were written for people (RFC 9457). */
async function complaint(answer: Response): Promise<ApiError> {
  try {
    const problem = (await answer.json()) as { detail?: string; errors?: FieldError[] };
    const errors = (problem.errors ?? []).map((each) => `${each.pointer.replace(/^#\//, '')}: ${each.detail}`);
    const said = [problem.detail, ...errors.filter((each) => !problem.detail?.includes(each))].filter(Boolean).join('; ');
    if (said) return new ApiError(answer.status, said, problem.errors);
  } catch {
    // No problem+json: a proxy's answer.
  }
  return new ApiError(answer.status, `The server answered ${answer.status}.`);
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Api {
  constructor(
    private readonly token: string,
    private readonly fetch: Fetch = (url, init) => window.fetch(url, init),
  ) {}

  /** Whether a text can be a token at all: it has to fit into a header. */
  static canBeToken(text: string): boolean {
    return /^[\x21-\x7e]+$/.test(text);
  }

  private async call(method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<unknown> {
    let answer: Response;
    try {
      answer = await this.fetch(path, {
        method,
        headers: { Authorization: `Bearer ${this.token}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...more },
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw new ApiError(0, 'The server does not answer.');
    }
    if (answer.status === 401) throw new ApiError(401, 'This token is not known here, or it has expired.');
    if (answer.status === 403) throw new ApiError(403, 'This token may not do that.');
    if (!answer.ok) throw await complaint(answer);
    return answer.json();
  }

  /** A one-time ticket for the live feed, good for 30 seconds. */
  async ticket(): Promise<Ticket> {
    return (await this.call('POST', '/api/v1/live/ticket')) as Ticket;
  }

  /** Whether the server answers at all, healthy or not. */
  async reachable(): Promise<boolean> {
    return (await this.serverTime()) !== null;
  }

  /** The server's clock, milliseconds UTC; null when it does not answer. A browser's clock may be wrong. */
  async serverTime(): Promise<number | null> {
    try {
      const answer = await this.fetch('/health', { signal: AbortSignal.timeout(10_000) });
      const at = Date.parse(((await answer.json()) as { timestamp: string }).timestamp);
      return Number.isNaN(at) ? null : at;
    } catch {
      return null;
    }
  }

  /** Of Coldvigil itself and of common causes, those that are open. */
  async systemAlarms(): Promise<SystemAlarm[]> {
    return (await this.call('GET', '/api/v1/system/alarms?open=true')) as SystemAlarm[];
  }

  async acknowledgeSystemAlarm(id: string): Promise<void> {
    await this.call('POST', `/api/v1/system/alarms/${encodeURIComponent(id)}/ack`);
  }

  /** An alarm with its excursion, its evidence and all that was said of it. */
  async alarm(id: string): Promise<AlarmStory> {
    return (await this.call('GET', `/api/v1/alarms/${encodeURIComponent(id)}`)) as AlarmStory;
  }

  /** `stages` as the API names them, separated by commas; empty = all. */
  async alarms(stages: string, cursor: string | null, limit = 50): Promise<AlarmPage> {
    const asked = new URLSearchParams({ limit: String(limit) });
    if (stages) asked.set('state', stages);
    if (cursor) asked.set('cursor', cursor);
    return (await this.call('GET', `/api/v1/alarms?${asked}`)) as AlarmPage;
  }

  /** Gives the alarm as it stands then, without its evidence. */
  async sayOfAlarm(id: string, what: string, body: object): Promise<AlarmStory> {
    return (await this.call('POST', `/api/v1/alarms/${encodeURIComponent(id)}/${what}`, body)) as AlarmStory;
  }

  async setService(unit: string, out: boolean, reason: string): Promise<void> {
    await this.call('POST', `/api/v1/units/${encodeURIComponent(unit)}/${out ? 'out-of-service' : 'in-service'}`, { reason });
  }

  /** Attempts to tell people of an alarm, newest first. */
  async deliveries(alarm: string): Promise<Delivery[]> {
    return (await this.call('GET', `/api/v1/deliveries?limit=20&alarm=${encodeURIComponent(alarm)}`)) as Delivery[];
  }

  /** Of a customer's alarms, of one facility's units; null: of those of Coldvigil itself, for a token of all customers. */
  async onCall(customer: string | null, severity: string, facility: string | null = null): Promise<OnCall> {
    const asked = new URLSearchParams({ severity });
    if (customer !== null) asked.set('customer', customer);
    if (facility !== null) asked.set('facility', facility);
    return (await this.call('GET', `/api/v1/on-call?${asked}`)) as OnCall;
  }

  async contacts(): Promise<Contacts> {
    return (await this.call('GET', '/api/v1/contacts')) as Contacts;
  }

  /** The newest first. */
  async selfTests(limit: number): Promise<SelfTest[]> {
    return (await this.call('GET', `/api/v1/notifications/tests?limit=${limit}`)) as SelfTest[];
  }

  /** Sends one by every way of the person. */
  async sendTest(person: string): Promise<void> {
    await this.call('POST', '/api/v1/notifications/test', { person });
  }

  /** Of the time from `from` to now; for as many operators as the settings say when not given. */
  async alarmNumbers(from: number, operators: number | null): Promise<AlarmNumbers> {
    const asked = new URLSearchParams({ from: new Date(from).toISOString(), ...(operators === null ? {} : { operators: String(operators) }) });
    return (await this.call('GET', `/api/v1/alarms/numbers?${asked}`)) as AlarmNumbers;
  }

  /** What a unit is judged by; `at` as the API gives times, now when left out. */
  async unitRules(unit: string, at?: string): Promise<UnitRules> {
    const asked = new URLSearchParams({ unit_id: unit, ...(at ? { at } : {}) });
    return (await this.call('GET', `/api/v1/rules?${asked}`)) as UnitRules;
  }

  private ownRules(unit: string): string {
    return `/api/v1/rules/unit/${encodeURIComponent(unit)}`;
  }

  /** The rules that the unit has for itself. */
  async rulesOfUnit(unit: string): Promise<PlaceRules> {
    return (await this.call('GET', this.ownRules(unit))) as PlaceRules;
  }

  /** Refused with 412 when another revision stands meanwhile. */
  async setRules(unit: string, rules: object[], reason: string, revision: number): Promise<RuleChanges> {
    return (await this.call('PUT', this.ownRules(unit), { rules, reason }, { 'If-Match': `"${revision}"` })) as RuleChanges;
  }

  async clearRules(unit: string, reason: string, revision: number): Promise<RuleChanges> {
    return (await this.call('DELETE', this.ownRules(unit), { reason }, { 'If-Match': `"${revision}"` })) as RuleChanges;
  }

  async ruleProfiles(): Promise<RuleProfile[]> {
    return (await this.call('GET', '/api/v1/rules/profiles')) as RuleProfile[];
  }

  /** What rules would have raised over the unit's stored readings, of up to 90 days. */
  async preview(unit: string, rules: object[]): Promise<Preview> {
    return (await this.call('POST', '/api/v1/rules/preview', { unit_id: unit, rules })) as Preview;
  }

  /** `points` keeps the lowest and the highest of each stretch. Times in milliseconds UTC. */
  async series(unit: string, from: number, to: number, points: number): Promise<Series> {
    const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&points=${points}`;
    return (await this.call('GET', `/api/v1/units/${encodeURIComponent(unit)}/series?${range}`)) as Series;
  }
}
