import type { DemoSnapshot } from './demo-snapshot.ts';
import { type FrameSize, liveFrame } from './live-frame.ts';
import { painted } from './styled-line.ts';

/** The part of a terminal that is used; `process.stdout` is one. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const esc = '\u001b[';
/** Alternate screen, no cursor; and the way back. */
const enter = `${esc}?1049h${esc}?25l`;
const leave = `${esc}?25h${esc}?1049l`;
/** Terminals that know "synchronized output" show a frame at once, others ignore it. */
const beginFrame = `${esc}?2026h${esc}H`;
const endFrame = `${esc}J${esc}?2026l`;

/** Shows the live view on a screen of its own and gives the terminal back as it was. */
export class LiveScreen {
  private readonly terminal: Terminal;
  private readonly useColor: boolean;
  private shown = '';
  private isOpen = false;

  constructor(terminal: Terminal, useColor: boolean) {
    this.terminal = terminal;
    this.useColor = useColor;
  }

  /** Every line is written over the old one and cleared to its end: nothing blinks. An equal frame writes nothing. */
  show(snapshot: DemoSnapshot): void {
    if (!this.isOpen) this.terminal.write(enter);
    this.isOpen = true;
    const size: FrameSize = { columns: this.terminal.columns ?? 80, rows: this.terminal.rows ?? 24 };
    const lines = liveFrame(snapshot, size).map((line) => `${painted(line, this.useColor)}${esc}K\r\n`);
    const frame = `${beginFrame}${lines.join('')}${endFrame}`;
    if (frame === this.shown) return;
    this.shown = frame;
    this.terminal.write(frame);
  }

  /** May be called more than once. */
  close(): void {
    if (this.isOpen) this.terminal.write(leave);
    this.isOpen = false;
  }
}
