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
  /** Whether the server answers at all. Never rejects. */
  reachable(): Promise<boolean>;
  /** Gives what takes it back. */
  later(action: () => void, ms: number): () => void;
  chance(): number;
}

const firstWait = 500;
const longestWait = 15_000;
/** A network that goes away silently leaves the socket open: after so long without a frame the server is asked. */
const quietFor = 15_000;

/** Between half and all of 0.5 s, 1 s, 2 s ... 15 s. */
export function waitAfter(failures: number, chance: number): number {
  return Math.min(longestWait, firstWait * 2 ** Math.min(failures, 10)) * (0.5 + chance / 2);
}

export class LiveFeed {
  private cursor: string | null = null;
  private failures = 0;
  private socket: Socket | null = null;
  private ended = false;
  private cancel: () => void = () => {};

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
      if (this.ended) return;
      // A token that is refused will be refused again.
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) this.onState('refused');
      else this.again();
      return;
    }
    if (this.ended) return;
    const after = this.cursor ? `&after=${this.cursor}` : '';
    const socket = this.outside.open(`/api/v1/live?ticket=${encodeURIComponent(ticket)}${after}`);
    this.socket = socket;
    socket.onmessage = (event) => this.take(String(event.data));
    socket.onclose = () => this.again();
    this.listen(socket);
  }

  stop(): void {
    this.ended = true;
    this.hangUp();
  }

  private take(text: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      // Nothing after it can be trusted to follow on: begin anew with a snapshot.
      this.cursor = null;
      this.again();
      return;
    }
    if (frame.type !== 'gap') {
      this.cursor = frame.cursor;
      this.failures = 0;
      this.onState('live');
    }
    this.onFrame(frame);
    if (this.socket) this.listen(this.socket);
  }

  /** Starts the wait for the next frame of this socket. */
  private listen(socket: Socket): void {
    this.cancel();
    this.cancel = this.outside.later(() => void this.doubt(socket), quietFor);
  }

  private async doubt(socket: Socket): Promise<void> {
    const cursor = this.cursor;
    const reachable = await this.outside.reachable();
    if (this.socket !== socket) return;
    if (this.cursor !== cursor) return; // a frame came meanwhile, and with it the next wait
    if (reachable) this.listen(socket);
    else this.again();
  }

  private hangUp(): void {
    this.cancel();
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private again(): void {
    if (this.ended) return;
    this.hangUp();
    this.onState('lost');
    this.cancel = this.outside.later(() => void this.start(), waitAfter(this.failures++, this.outside.chance()));
  }
}
