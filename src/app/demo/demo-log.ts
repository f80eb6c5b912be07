import { createLogger, type Logger, type LogLevel } from '../../lib/log.ts';

/** Log lines of the parts, as a person reads them; while the live view is on they wait in `last` instead of breaking the screen. */
export class DemoLog {
  last: string | undefined;
  isHeld = false;
  private readonly write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.write = write;
  }

  at(level: LogLevel): Logger {
    // the views show issues of the configuration themselves
    return createLogger({ level, scopes: { config: 'silent' }, destination: { write: (line) => this.take(line) } });
  }

  private take(line: string): void {
    const { level, msg, ...fields } = JSON.parse(line) as {
      readonly level: string;
      readonly msg: string;
      readonly error?: { readonly message?: string };
    };
    const cause = fields.error?.message === undefined ? '' : `: ${fields.error.message}`;
    this.last = `${level === 'info' ? '' : `${level}: `}${msg}${cause}`;
    if (!this.isHeld) this.write(`${this.last}\n`);
  }
}
