import { describe, expect, it } from 'vitest';
import { Api, ApiError } from '../src/lib/api';

/** A server that answers once, and remembers what it was asked. */
function answering(status: number, body: string) {
  const asked: { url: string; init: RequestInit }[] = [];
  const api = new Api('secret', async (url, init) => {
    asked.push({ url, init });
    return new Response(body, { status });
  });
  return { api, asked };
}
async function said(status: number, body: string): Promise<string> {
  try {
    await answering(status, body).api.sayOfAlarm('a', 'ack', {});
  } catch (error) {
    return error instanceof ApiError ? error.message : String(error);
  }
  return '';
}

describe('the API', () => {
  it('sends words as JSON, and the token in the header only', async () => {
    const { api, asked } = answering(200, '{}');
    await api.sayOfAlarm('a/b', 'ack', { reason: 'seen' });
    expect(asked[0]?.url).toBe('/api/v1/alarms/a%2Fb/ack');
    expect(asked[0]?.init.body).toBe('{"reason":"seen"}');
    expect(asked[0]?.init.headers).toMatchObject({ Authorization: 'Bearer secret', 'Content-Type': 'application/json' });
  });
  it('says what is wrong in the words of the server', async () => {
    expect(await said(409, '{"detail": "the alarm is closed"}')).toBe('the alarm is closed');
    expect(await said(422, '{"detail": "invalid", "errors": [{"pointer": "#/reason", "detail": "is needed"}]}')).toBe('invalid; reason: is needed');
    expect(await said(502, '<html>')).toBe('The server answered 502.');
    expect(await said(500, '{}')).toBe('The server answered 500.');
    expect(await said(403, '{}')).toBe('This token may not do that.');
  });
  it('asks for the alarms of some stages, page by page', async () => {
    const { api, asked } = answering(200, '{"items": [], "next_cursor": null}');
    await api.alarms('normal', 'x=y');
    expect(asked[0]?.url).toBe('/api/v1/alarms?limit=50&state=normal&cursor=x%3Dy');
    await api.alarms('', null);
    expect(asked[1]?.url).toBe('/api/v1/alarms?limit=50');
  });
});
