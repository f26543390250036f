import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/lib/api';
import { inStages, StoredAlarms, type Shown } from '../src/lib/stored';
import type { Alarm, AlarmPage } from '../src/lib/types';

const alarm = (id: number, changes: Partial<Alarm> = {}) => ({ id: String(id), stage: 'closed', state: 'cleared', ...changes }) as Alarm;

/** Alarms in a store, newest first; a page by its place in the list. */
class World {
  all: Alarm[] = [];
  asked: { stages: string; cursor: string | null; limit: number }[] = [];
  shown: Shown[] = [];
  /** Reads wait until it is called, when there is one. */
  held: (() => void)[] | null = null;
  fails = false;
  list = new StoredAlarms((stages, cursor, limit) => this.read(stages, cursor, limit), (shown) => this.shown.push(shown));

  async read(stages: string, cursor: string | null, limit: number): Promise<AlarmPage> {
    this.asked.push({ stages, cursor, limit });
    const held = this.held;
    if (held) await new Promise<void>((go) => held.push(go));
    if (this.fails) throw new ApiError(503, 'the store is away');
    const begin = Number(cursor ?? 0);
    const next = begin + limit < this.all.length ? String(begin + limit) : null;
    return { items: this.all.slice(begin, begin + limit), next_cursor: next };
  }
  get ids() {
    return this.shown.at(-1)!.items.map((each) => each.id);
  }
}
const many = (n: number) => Array.from({ length: n }, (_, i) => alarm(n - i));
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe('a list of stored alarms', () => {
  it('keeps the older ones that were opened when something happens', async () => {
    const world = new World();
    world.all = many(130);
    await world.list.choose('closed');
    expect(world.ids).toHaveLength(50);
    await world.list.older();
    await world.list.older();
    expect(world.ids).toHaveLength(130);
    world.all = [alarm(131), ...world.all.filter((each) => each.id !== '60')];
    await world.list.refresh();
    expect(world.ids).toHaveLength(130);
    expect(world.ids[0]).toBe('131');
    expect(world.ids).not.toContain('60');
    expect(world.ids.at(-1)).toBe('1');
    expect(world.shown.at(-1)).toMatchObject({ cursor: null, busy: false, trouble: '' });
  });
  it('reads no more than was opened', async () => {
    const world = new World();
    world.all = many(2000);
    await world.list.choose('');
    await world.list.refresh();
    expect(world.ids).toHaveLength(50);
    for (let i = 0; i < 25; i++) await world.list.older();
    world.asked = [];
    await world.list.refresh();
    expect(world.ids).toHaveLength(1300);
    expect(world.asked.map((each) => each.limit)).toEqual([1000, 300]);
    await world.list.older(); // goes on behind what is shown
    expect(world.ids).toHaveLength(1350);
    expect(new Set(world.ids).size).toBe(1350);
  });
  it('reads once more, not once for each thing that happens meanwhile', async () => {
    const world = new World();
    world.all = many(3);
    await world.list.choose('');
    world.held = [];
    const first = world.list.refresh();
    await settle();
    for (let i = 0; i < 10; i++) void world.list.refresh();
    for (let turn = 0; turn < 10; turn++) {
      world.held.splice(0).forEach((go) => go());
      await settle();
    }
    await first;
    expect(world.asked).toHaveLength(3); // the first look, the one under way, and one after
  });
  it('forgets what comes too late for a list that is not looked at any more', async () => {
    const world = new World();
    world.all = many(3);
    world.held = [];
    void world.list.choose('closed');
    await settle();
    const late = world.held;
    world.held = null;
    await world.list.choose('normal');
    const before = world.shown.length;
    world.all = [];
    late.forEach((go) => go());
    await settle();
    expect(world.shown).toHaveLength(before);
    expect(world.ids).toHaveLength(3);
    expect(world.asked.map((each) => each.stages)).toEqual(['closed', 'normal']);
  });
  it('keeps what it has when it cannot be read', async () => {
    const world = new World();
    world.all = many(3);
    await world.list.choose('');
    world.fails = true;
    await world.list.refresh();
    expect(world.ids).toHaveLength(3);
    expect(world.shown.at(-1)).toMatchObject({ trouble: 'the store is away', busy: false });
    world.fails = false;
    await world.list.refresh();
    expect(world.shown.at(-1)?.trouble).toBe('');
  });
});

describe('what is set aside', () => {
  const until = Date.parse('2026-01-01T12:00:00Z');
  const life = { acknowledged: null, shelved: { at: '', who: '', text: '', until: '2026-01-01T12:00:00Z' }, assignee: null, raised_again: 0 };
  const all = [alarm(1, { stage: 'shelved', state: 'open', life }), alarm(2, { stage: 'out_of_service' }), alarm(3)];

  it('leaves the list when its time is over, though nothing tells of that', () => {
    const aside = (now: number) => inStages(all, 'shelved,suppressed,out_of_service', now).map((each) => each.id);
    expect(aside(until - 1)).toEqual(['1', '2']);
    expect(aside(until)).toEqual(['2']);
    expect(inStages(all, 'unacknowledged', until).map((each) => each.id)).toEqual(['1']);
    expect(inStages(all, '', until)).toEqual(all);
  });
});
