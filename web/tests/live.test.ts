import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/lib/api';
import { LiveFeed, waitAfter, type Outside, type Socket } from '../src/lib/live';

class FakeSocket implements Socket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  close() {
    this.closed = true;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}
function outside(ticket: () => Promise<string> = async () => 'T') {
  const sockets: FakeSocket[] = [];
  const urls: string[] = [];
  const waits: { action: () => void; ms: number }[] = [];
  const made: Outside = {
    ticket,
    open: (url) => {
      urls.push(url);
      sockets.push(new FakeSocket());
      return sockets.at(-1)!;
    },
    later: (action, ms) => void waits.push({ action, ms }),
    chance: () => 0,
  };
  return { made, sockets, urls, waits };
}

describe('the live feed', () => {
  it('resumes after a loss where it stood', async () => {
    const { made, sockets, urls, waits } = outside();
    const states: string[] = [];
    const feed = new LiveFeed(made, () => {}, (s) => states.push(s));
    await feed.start();
    sockets[0]!.say({ type: 'snapshot', cursor: '3.7', units: [], alarms: [] });
    sockets[0]!.say({ type: 'items', cursor: '3.9', first: 8, items: [] });
    sockets[0]!.onclose?.();
    expect(states.at(-1)).toBe('lost');
    waits[0]!.action();
    await Promise.resolve();
    await Promise.resolve();
    expect(urls).toEqual(['/api/v1/live?ticket=T', '/api/v1/live?ticket=T&after=3.9']);
  });
  it('does not try a refused token again', async () => {
    const { made, waits } = outside(() => Promise.reject(new ApiError(401, 'no')));
    const states: string[] = [];
    await new LiveFeed(made, () => {}, (s) => states.push(s)).start();
    expect(states.at(-1)).toBe('refused');
    expect(waits.length).toBe(0);
  });
  it('tries again when the server cannot be reached', async () => {
    const { made, waits } = outside(() => Promise.reject(new ApiError(0, 'away')));
    await new LiveFeed(made, () => {}, () => {}).start();
    expect(waits.length).toBe(1);
  });
  it('ends for good when it is stopped', async () => {
    const { made, sockets, waits } = outside();
    const feed = new LiveFeed(made, () => {}, () => {});
    await feed.start();
    feed.stop();
    expect(sockets[0]!.closed).toBe(true);
    sockets[0]!.onclose?.();
    expect(waits.length).toBe(0);
  });
  it('waits longer and longer, up to a bound', () => {
    expect(waitAfter(0, 1)).toBe(500);
    expect(waitAfter(0, 0)).toBe(250);
    expect(waitAfter(50, 1)).toBe(15_000);
  });
});
