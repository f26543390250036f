// Calls of the REST API with a bearer token. Every failure is an ApiError that can be shown to a person.
import type { Series } from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Api {
  constructor(
    private readonly token: string,
    private readonly fetch: Fetch = (url, init) => window.fetch(url, init),
  ) {}

  private async call(method: string, path: string): Promise<unknown> {
    let answer: Response;
    try {
      answer = await this.fetch(path, { method, headers: { Authorization: `Bearer ${this.token}` } });
    } catch {
      throw new ApiError(0, 'The server cannot be reached.');
    }
    if (answer.status === 401) throw new ApiError(401, 'This token is not known here, or it has expired.');
    if (answer.status === 403) throw new ApiError(403, 'This token may not do that.');
    if (!answer.ok) throw new ApiError(answer.status, `The server answered ${answer.status}.`);
    return answer.json();
  }

  /** A one-time ticket for the live feed, good for 30 seconds. */
  async ticket(): Promise<string> {
    const answer = (await this.call('POST', '/api/v1/live/ticket')) as { ticket: string };
    return answer.ticket;
  }

  /** `points` keeps the lowest and the highest of each stretch. Times in milliseconds UTC. */
  async series(unit: string, from: number, to: number, points: number): Promise<Series> {
    const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&points=${points}`;
    return (await this.call('GET', `/api/v1/units/${encodeURIComponent(unit)}/series?${range}`)) as Series;
  }
}
