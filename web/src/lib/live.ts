// The live feed: a ticket, a WebSocket, and after a loss a resume from where it stood. Timers and sockets are injected.
import { ApiError } from './api';
import type { Frame } from './types';

export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface Socket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface Outside {
  ticket(): Promise<string>;
  open(url: string): Socket;
  later(action: () => void, ms: number): void;
  chance(): number;
}

const firstWait = 500;
const longestWait = 15_000;

/** Between half and all of 0.5 s, 1 s, 2 s ... 15 s. */
export function waitAfter(failures: number, chance: number): number {
  return Math.min(longestWait, firstWait * 2 ** Math.min(failures, 10)) * (0.5 + chance / 2);
}

export class LiveFeed {
  private cursor: string | null = null;
  private failures = 0;
  private socket: Socket | null = null;
  private ended = false;

  constructor(
    private readonly outside: Outside,
    private readonly onFrame: (frame: Frame) => void,
    private readonly onState: (state: Connection) => void,
  ) {}

  async start(): Promise<void> {
    this.onState(this.failures === 0 ? 'connecting' : 'lost');
    let ticket: string;
    try {
      ticket = await this.outside.ticket();
    } catch (error) {
      // A token that is refused will be refused again.
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) this.onState('refused');
      else this.again();
      return;
    }
    if (this.ended) return;
    const after = this.cursor ? `&after=${this.cursor}` : '';
    const socket = this.outside.open(`/api/v1/live?ticket=${ticket}${after}`);
    this.socket = socket;
    socket.onmessage = (event) => this.take(String(event.data));
    socket.onclose = () => this.again();
  }

  stop(): void {
    this.ended = true;
    if (this.socket) this.socket.onclose = null;
    this.socket?.close();
  }

  private take(text: string): void {
    const frame = JSON.parse(text) as Frame;
    if (frame.type !== 'gap') {
      this.cursor = frame.cursor;
      this.failures = 0;
      this.onState('live');
    }
    this.onFrame(frame);
  }

  private again(): void {
    if (this.ended) return;
    this.onState('lost');
    this.outside.later(() => void this.start(), waitAfter(this.failures++, this.outside.chance()));
  }
}
