// A list of stored alarms that is read page by page, and read anew when something happened: as much of it as was opened.
import { saidBy } from './api';
import { stageAt } from './format';
import type { Alarm, AlarmPage } from './types';

export interface Shown {
  items: Alarm[];
  /** Where older ones begin; null when there are none. */
  cursor: string | null;
  busy: boolean;
  trouble: string;
}
export const nothingShown: Shown = { items: [], cursor: null, busy: false, trouble: '' };

const pageSize = 50;
const largestPage = 1000;

/** Those of a list that are in one of these stages (separated by commas; empty = any) at this moment: a shelving is over
 *  by its time, and nothing tells of that. */
export function inStages(alarms: Alarm[], stages: string, now: number): Alarm[] {
  const wanted = stages.split(',');
  return stages === '' ? alarms : alarms.filter((each) => wanted.includes(stageAt(each, now)));
}

export class StoredAlarms {
  private stages = '';
  /** How often older ones were asked for, with the first page. */
  private opened = 0;
  private now: Shown = nothingShown;
  /** Reads follow one another; another list begins anew. */
  private last: Promise<void> = Promise.resolve();
  private list = {};
  private again: Promise<void> | null = null;

  constructor(
    private readonly read: (stages: string, cursor: string | null, limit: number) => Promise<AlarmPage>,
    private readonly show: (shown: Shown) => void,
  ) {}

  choose(stages: string): Promise<void> {
    this.stages = stages;
    this.opened = 0;
    this.list = {};
    this.last = Promise.resolve();
    this.again = null;
    this.put(nothingShown);
    return this.older();
  }

  /** The next page. */
  older(): Promise<void> {
    return this.queue(async (list) => {
      if (this.opened > 0 && this.now.cursor === null) return;
      const page = await this.read(this.stages, this.now.cursor, pageSize);
      if (list !== this.list) return;
      this.opened++;
      this.put({ ...this.now, items: [...this.now.items, ...page.items], cursor: page.next_cursor });
    });
  }

  /** What people and units do changes which list an alarm is in. However much happens, one read waits at a time. */
  refresh(): Promise<void> {
    this.again ??= this.queue(async (list) => {
      this.again = null;
      const items: Alarm[] = [];
      let cursor: string | null = null;
      for (let reads = 0; reads < Math.max(1, this.opened); reads++) {
        const missing = Math.max(pageSize, this.now.items.length - items.length);
        const page: AlarmPage = await this.read(this.stages, cursor, Math.min(missing, largestPage));
        if (list !== this.list) return;
        items.push(...page.items);
        cursor = page.next_cursor;
        if (cursor === null || items.length >= this.now.items.length) break;
      }
      this.opened = Math.max(1, this.opened);
      this.put({ ...this.now, items, cursor });
    });
    return this.again;
  }

  private put(shown: Shown): void {
    this.now = shown;
    this.show(shown);
  }

  private queue(what: (list: object) => Promise<void>): Promise<void> {
    const list = this.list;
    const run = async () => {
      if (list !== this.list) return;
      this.put({ ...this.now, busy: true, trouble: '' });
      try {
        await what(list);
      } catch (error) {
        if (list === this.list) this.put({ ...this.now, trouble: saidBy(error, 'The alarms could not be read.') });
      }
      if (list === this.list) this.put({ ...this.now, busy: false });
    };
    this.last = this.last.then(run);
    return this.last;
  }
}
