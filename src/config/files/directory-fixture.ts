import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Engine } from '../../incremental/engine.ts';
import { systemClock } from '../../lib/clock.ts';
import { formatIssue, type Issue } from '../../model/issue.ts';
import { kinds } from '../../schema/kinds.ts';
import { parseObject } from '../../schema/parse-object.ts';
import { ConfigController } from '../config-controller.ts';
import { DirectorySource } from './directory-source.ts';

/** For tests: a ConfigController on real directories below one temporary directory. */
export class DirectoryFixture {
  readonly base = mkdtempSync(join(tmpdir(), 'coxswain-config-'));
  readonly engine = new Engine();
  readonly source: DirectorySource;
  readonly controller: ConfigController<unknown>;
  private readonly stop = new AbortController();

  constructor(...directories: readonly string[]) {
    const names = directories.length > 0 ? directories : ['config'];
    for (const name of names) mkdirSync(join(this.base, name));
    this.source = new DirectorySource({ directories: names.map((name) => join(this.base, name)), parseObject, clock: systemClock });
    const meshConfig = { defaults: { trustDomain: 'default' }, parse: (value: unknown) => ({ value, issues: [] }) };
    this.controller = new ConfigController<unknown>({
      engine: this.engine,
      kinds,
      sources: [this.source],
      meshConfig,
      rootNamespace: 'istio-system',
    });
  }

  start(): Promise<void> {
    return this.controller.start(this.stop.signal);
  }

  path(name: string): string {
    return join(this.base, name);
  }

  /** Writes in place, making directories as needed. */
  write(name: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Writes as careful programs do: a hidden file beside it, then a rename. */
  replace(name: string, content: string): void {
    const hidden = join(dirname(this.path(name)), '.fixture.tmp');
    writeFileSync(hidden, content);
    renameSync(hidden, this.path(name));
  }

  /** Hosts of the ServiceEntries in force, by `namespace/name`. */
  hosts(): Record<string, string> {
    const entries = this.controller.table('ServiceEntry').get();
    return Object.fromEntries([...entries].map(([key, { spec }]) => [key, spec.hosts?.join() ?? '']));
  }

  issues(): readonly Issue[] {
    return this.controller.issues.get();
  }

  /** Issues as text, with paths relative to the fixture. */
  issueTexts(): readonly string[] {
    return this.issues().map((issue) => formatIssue(issue).replaceAll(`${this.base}/`, ''));
  }

  close(): void {
    this.stop.abort();
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** A ServiceEntry as users write it. */
export function serviceEntry(name: string, host: string): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: ${name}
spec:
  hosts:
  - ${host}
  resolution: NONE
  ports:
  - number: 80
    name: http
    protocol: HTTP
`;
}
