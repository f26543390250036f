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
  it('keeps where in a body something is wrong', async () => {
    const { api } = answering(422, '{"detail": "invalid", "errors": [{"pointer": "#/rules/1/limit", "detail": "is needed"}]}');
    await expect(api.preview('u', [])).rejects.toMatchObject({ status: 422, errors: [{ pointer: '#/rules/1/limit', detail: 'is needed' }] });
  });
  it('changes rules on the revision that was read', async () => {
    const { api, asked } = answering(200, '{"changed": []}');
    await api.setRules('u', [], 'tighter', 7);
    await api.clearRules('u', 'as the others', 7);
    expect(asked.map((each) => each.init.method)).toEqual(['PUT', 'DELETE']);
    for (const each of asked) expect(each.init.headers).toMatchObject({ 'If-Match': '"7"' });
    expect(asked[0]?.init.body).toBe('{"rules":[],"reason":"tighter"}');
  });
  it('asks of a customer, or of Coldvigil itself', async () => {
    const { api, asked } = answering(200, '{}');
    await api.onCall('A&B', 'critical');
    await api.onCall(null, 'warning');
    expect(asked.map((each) => each.url)).toEqual(['/api/v1/on-call?severity=critical&customer=A%26B', '/api/v1/on-call?severity=warning']);
  });
  it('asks for the alarms of some stages, page by page', async () => {
    const { api, asked } = answering(200, '{"items": [], "next_cursor": null}');
    await api.alarms('normal', 'x=y');
    expect(asked[0]?.url).toBe('/api/v1/alarms?limit=50&state=normal&cursor=x%3Dy');
    await api.alarms('', null);
    expect(asked[1]?.url).toBe('/api/v1/alarms?limit=50');
  });
});
