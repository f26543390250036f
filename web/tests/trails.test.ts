import { describe, expect, it } from 'vitest';
import { TrailLoader } from '../src/lib/trails';

async function settle() {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('the past of the small charts', () => {
  it('is read once a unit and three at a time, whatever fails', async () => {
    const asked: string[] = [];
    const done: ((ok: boolean) => void)[] = [];
    const trails = new TrailLoader((unit) => {
      asked.push(unit);
      return new Promise((resolve, reject) => done.push((ok) => (ok ? resolve() : reject(new Error('away')))));
    });
    for (const unit of ['1', '2', '2', '3', '4', '5', '1']) trails.want(unit);
    expect(asked).toEqual(['1', '2', '3']);
    done[0]!(false);
    await settle();
    expect(asked).toEqual(['1', '2', '3', '4']);
    trails.stop();
    done[1]!(true);
    await settle();
    expect(asked).toEqual(['1', '2', '3', '4']);
  });
});
