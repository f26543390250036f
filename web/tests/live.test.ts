import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/lib/api';
import { LiveFeed, waitAfter, type Connection, type Outside, type Socket } from '../src/lib/live';
import type { Frame } from '../src/lib/types';

class FakeSocket implements Socket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  close() {
    this.closed = true;
  }
  say(frame: object | string) {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
}

/** Everything outside the feed, with timers that run when the test says so. */
class World implements Outside {
  sockets: FakeSocket[] = [];
  urls: string[] = [];
  timers: { action: () => void; ms: number }[] = [];
  states: Connection[] = [];
  frames: Frame[] = [];
  answers = true;
  ticket: () => Promise<string> = async () => 'T';
  feed = new LiveFeed(this, (frame) => this.frames.push(frame), (state) => this.states.push(state));

  open(url: string) {
    this.urls.push(url);
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  reachable() {
    return Promise.resolve(this.answers);
  }
  later(action: () => void, ms: number) {
    const timer = { action, ms };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((each) => each !== timer));
  }
  chance() {
    return 0;
  }
  get socket() {
    return this.sockets.at(-1)!;
  }
  /** The one timer that is set, now. */
  async fire() {
    expect(this.timers.length).toBe(1);
    this.timers.pop()!.action();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}
const snapshot = { type: 'snapshot', cursor: '3.7', units: [], alarms: [] };

describe('the live feed', () => {
  it('resumes after a loss where it stood', async () => {
    const world = new World();
    await world.feed.start();
    world.socket.say(snapshot);
    world.socket.say({ type: 'items', cursor: '3.9', first: 8, items: [] });
    world.socket.onclose?.();
    expect(world.states).toEqual(['connecting', 'live', 'live', 'lost']);
    await world.fire();
    expect(world.urls).toEqual(['/api/v1/live?ticket=T', '/api/v1/live?ticket=T&after=3.9']);
    world.socket.say({ type: 'resumed', cursor: '3.9' });
    expect(world.states.at(-1)).toBe('live');
  });
  it('takes a gap, and resumes after the snapshot that follows it', async () => {
    const world = new World();
    await world.feed.start();
    world.socket.say({ type: 'gap', reason: 'epoch' });
    expect(world.states.at(-1)).toBe('connecting');
    world.socket.say({ ...snapshot, cursor: '4.1' });
    world.socket.say({ type: 'coalesced', cursor: '4.80', from: 2, to: 80, items: [] });
    world.socket.onclose?.();
    await world.fire();
    expect(world.urls.at(-1)).toBe('/api/v1/live?ticket=T&after=4.80');
    expect(world.frames.map((frame) => frame.type)).toEqual(['gap', 'snapshot', 'coalesced']);
  });
  it('does not try a refused token again', async () => {
    for (const status of [401, 403]) {
      const world = new World();
      world.ticket = () => Promise.reject(new ApiError(status, 'no'));
      await world.feed.start();
      expect(world.states.at(-1)).toBe('refused');
      expect(world.timers).toEqual([]);
    }
  });
  it('tries again and again when the server cannot be reached, ever more slowly', async () => {
    const world = new World();
    world.ticket = () => Promise.reject(new ApiError(0, 'away'));
    await world.feed.start();
    const waits = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      waits.push(world.timers[0]!.ms);
      await world.fire();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500, 7500]);
  });
  it('asks the server when nothing comes, and begins anew when it is gone', async () => {
    const world = new World();
    await world.feed.start();
    world.socket.say(snapshot);
    await world.fire();
    expect(world.states.at(-1)).toBe('live');
    world.answers = false;
    await world.fire();
    expect(world.states.at(-1)).toBe('lost');
    expect(world.sockets[0]!.closed).toBe(true);
    await world.fire();
    expect(world.sockets.length).toBe(2);
  });
  it('believes a frame more than a question that failed meanwhile', async () => {
    const world = new World();
    await world.feed.start();
    world.socket.say(snapshot);
    world.answers = false;
    world.timers.pop()!.action();
    world.socket.say({ type: 'items', cursor: '3.8', first: 8, items: [] });
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(world.states.at(-1)).toBe('live');
  });
  it('begins anew with a snapshot after a frame that it cannot read', async () => {
    const world = new World();
    await world.feed.start();
    world.socket.say(snapshot);
    world.socket.say('{');
    expect(world.states.at(-1)).toBe('lost');
    await world.fire();
    expect(world.urls.at(-1)).toBe('/api/v1/live?ticket=T');
  });
  it('ends for good when it is stopped: connected, waiting, or asking for a ticket', async () => {
    const connected = new World();
    await connected.feed.start();
    connected.feed.stop();
    expect(connected.socket.closed).toBe(true);
    expect(connected.timers).toEqual([]);

    const waiting = new World();
    waiting.ticket = () => Promise.reject(new ApiError(0, 'away'));
    await waiting.feed.start();
    waiting.feed.stop();
    expect(waiting.timers).toEqual([]);

    const asking = new World();
    let refuse: (error: Error) => void = () => {};
    asking.ticket = () => new Promise((_, reject) => (refuse = reject));
    const started = asking.feed.start();
    asking.feed.stop();
    refuse(new ApiError(401, 'no'));
    await started;
    expect(asking.states).toEqual(['connecting']);
  });
  it('waits longer and longer, up to a bound', () => {
    expect(waitAfter(0, 1)).toBe(500);
    expect(waitAfter(0, 0)).toBe(250);
    expect(waitAfter(50, 1)).toBe(15_000);
  });
});
