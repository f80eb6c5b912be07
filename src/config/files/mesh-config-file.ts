import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { onAbort } from '../../lib/on-abort.ts';
import type { Issue } from '../../model/issue.ts';
import type { ConfigSink, ConfigSource } from '../config-source.ts';
import { configIssueCodes } from '../issue-codes.ts';
import type { MeshDocumentKey } from '../mesh-documents.ts';
import { decodeFile } from './decode-file.ts';
import { DirectoryWatches } from './directory-watches.ts';
import { readBytes } from './read-bytes.ts';

export interface MeshConfigFileOptions {
  /** Which of the mesh's documents the file holds. Default: `mesh`. */
  readonly document?: MeshDocumentKey;
  /** `--mesh-config`, `--mesh-networks`. */
  readonly path: string;
  readonly clock: Clock;
}

/** How often the file is read in case an event was lost, and how long it must be quiet after an event. */
const pollMs = 2000;
const settleMs = 20;

/** How the two are called in messages. */
const titles: Readonly<Record<MeshDocumentKey, string>> = { mesh: 'mesh configuration', meshNetworks: 'description of the networks' };

/** The settings of the mesh, or its networks, out of one file, read again when it changes. A file that is gone or unreadable changes nothing. */
export class MeshConfigFile implements ConfigSource {
  readonly name: string;
  private readonly document: MeshDocumentKey;
  private readonly path: string;
  private readonly clock: Clock;
  private readonly watches: DirectoryWatches;
  private sink: ConfigSink | undefined;
  private wasRead = false;
  private cancelPoll: CancelTimer | undefined;
  private cancelSettle: CancelTimer | undefined;

  constructor({ document = 'mesh', path, clock }: MeshConfigFileOptions) {
    this.name = document === 'mesh' ? 'mesh config file' : 'mesh networks file';
    this.document = document;
    this.path = path;
    this.clock = clock;
    this.watches = new DirectoryWatches((_, name) => this.hear(name));
  }

  async start(sink: ConfigSink, signal: AbortSignal): Promise<void> {
    this.sink = sink;
    onAbort(signal, () => this.close());
    if (!signal.aborted) await this.poll();
  }

  hasSynced(): boolean {
    return this.wasRead;
  }

  positionOf(): undefined {
    return undefined;
  }

  private hear(name: string | undefined): void {
    if (name !== undefined && name !== basename(this.path) && name !== '..data') return;
    this.cancelSettle?.();
    this.cancelSettle = this.clock.setTimeout(() => void this.read(), settleMs, { unref: true });
  }

  private async poll(): Promise<void> {
    this.watch();
    await this.read();
    if (this.sink) this.cancelPoll = this.clock.setTimeout(() => void this.poll(), pollMs, { unref: true });
  }

  private watch(): void {
    const directory = dirname(this.path);
    const stats = statSync(directory, { throwIfNoEntry: false });
    if (stats) this.watches.ensure(directory, stats);
  }

  private async read(): Promise<void> {
    const outcome = await readBytes(this.path, () => true);
    this.wasRead = true;
    if (outcome.kind !== 'bytes') {
      const why = outcome.kind === 'unreadable' ? outcome.why : 'it is not there';
      this.sink?.apply({ issues: new Map([['file', [this.trouble(`cannot be read: ${why}`)]]]) });
      return;
    }
    const { text, isValid } = decodeFile(outcome.bytes);
    if (!isValid) {
      this.sink?.apply({ issues: new Map([['file', [this.trouble('is not valid UTF-8')]]]) });
      return;
    }
    this.sink?.apply({ issues: new Map([['file', []]]), documents: { [this.document]: { text, file: this.path } } });
  }

  private trouble(what: string): Issue {
    const message = `the ${titles[this.document]} ${what}`;
    return { code: configIssueCodes.meshConfig, severity: 'error', message, position: { file: this.path, line: 1, column: 1 } };
  }

  private close(): void {
    this.sink = undefined;
    this.cancelPoll?.();
    this.cancelSettle?.();
    this.watches.close();
  }
}
