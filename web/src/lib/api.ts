// Calls of the REST API with a bearer token. Every failure is an ApiError that can be shown to a person.
import type { AlarmPage, AlarmStory, Delivery, OnCall, Preview, Series, SystemAlarm } from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const patience = 30_000;

/** What the server says is wrong, in its own words: they were written for people (RFC 9457). */
async function complaint(answer: Response): Promise<string> {
  try {
    const problem = (await answer.json()) as { detail?: string; errors?: { pointer: string; detail: string }[] };
    const errors = (problem.errors ?? []).map((each) => `${each.pointer.replace(/^#\//, '')}: ${each.detail}`);
    const said = [problem.detail, ...errors.filter((each) => !problem.detail?.includes(each))].filter(Boolean).join('; ');
    if (said) return said;
  } catch {
    // No problem+json: a proxy's answer.
  }
  return `The server answered ${answer.status}.`;
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

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    let answer: Response;
    try {
      answer = await this.fetch(path, {
        method,
        headers: { Authorization: `Bearer ${this.token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw new ApiError(0, 'The server does not answer.');
    }
    if (answer.status === 401) throw new ApiError(401, 'This token is not known here, or it has expired.');
    if (answer.status === 403) throw new ApiError(403, 'This token may not do that.');
    if (!answer.ok) throw new ApiError(answer.status, await complaint(answer));
    return answer.json();
  }

  /** A one-time ticket for the live feed, good for 30 seconds. */
  async ticket(): Promise<string> {
    const answer = (await this.call('POST', '/api/v1/live/ticket')) as { ticket: string };
    return answer.ticket;
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

  async onCall(customer: string, severity: string): Promise<OnCall> {
    const asked = new URLSearchParams({ customer, severity });
    return (await this.call('GET', `/api/v1/on-call?${asked}`)) as OnCall;
  }

  /** What rules would have raised over the unit's stored readings of the last 90 days. */
  async preview(unit: string, rules: object[]): Promise<Preview> {
    return (await this.call('POST', '/api/v1/rules/preview', { unit_id: unit, rules })) as Preview;
  }

  /** `points` keeps the lowest and the highest of each stretch. Times in milliseconds UTC. */
  async series(unit: string, from: number, to: number, points: number): Promise<Series> {
    const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&points=${points}`;
    return (await this.call('GET', `/api/v1/units/${encodeURIComponent(unit)}/series?${range}`)) as Series;
  }
}
