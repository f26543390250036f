// The past of the small charts: read once a unit, a few at a time, and silently; without it a chart starts with what
// comes in live.

const atOnce = 3;

export class TrailLoader {
  private readonly asked = new Set<string>();
  private readonly waiting: string[] = [];
  private running = 0;

  constructor(private readonly load: (unit: string) => Promise<void>) {}

  want(unit: string): void {
    if (this.asked.has(unit)) return;
    this.asked.add(unit);
    this.waiting.push(unit);
    this.next();
  }

  /** What is still waiting is not asked for any more. */
  stop(): void {
    this.waiting.length = 0;
  }

  private next(): void {
    while (this.running < atOnce) {
      const unit = this.waiting.shift();
      if (unit === undefined) return;
      this.running++;
      void this.load(unit)
        .catch(() => {})
        .finally(() => {
          this.running--;
          this.next();
        });
    }
  }
}
