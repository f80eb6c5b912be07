import { Counter, Gauge, type Registry } from 'prom-client';
import type { ListWatchState, ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';

const states: readonly ListWatchState[] = ['Listing', 'Watching', 'Waiting', 'Absent', 'Pending'];

/** How the API server is followed, by kind; looked at when somebody asks for the metrics. */
export function addWatchMetrics(registry: Registry, watches: () => readonly ListWatchStatus[]): void {
  new Gauge({
    name: 'coxswain_kube_watch_state',
    help: 'Whether a kind of the API server is in this state: 1 or 0. Waiting means that it failed and is tried again.',
    labelNames: ['kind', 'state'],
    registers: [registry],
    collect() {
      for (const { kind, state } of watches()) for (const each of states) this.set({ kind, state: each }, each === state ? 1 : 0);
    },
  });
  perKind(registry, Gauge, watches, [
    ['coxswain_kube_objects', 'Objects of the API server that are known.', ({ objects }) => objects],
    ['coxswain_kube_watch_lag_seconds', 'How old the last change was when it came; 0 after a bookmark.', ({ lagMs }) => lagMs / 1000],
    ['coxswain_kube_watch_heard_seconds', 'When the API server last sent something: seconds since 1970.', heardSeconds],
  ]);
  perKind(registry, Counter, watches, [
    ['coxswain_kube_lists_total', 'Complete readings of a kind; more than one means that its watch could not be resumed.', (s) => s.lists],
    ['coxswain_kube_watches_total', 'Watches begun.', (s) => s.watches],
    ['coxswain_kube_watch_events_total', 'Events of watches.', (s) => s.events],
    ['coxswain_kube_watch_errors_total', 'Lists and watches that failed.', (s) => s.errors],
    ['coxswain_kube_list_shrinks_total', 'Readings that lacked more than half of what was known. They are obeyed.', (s) => s.shrinks],
  ]);
}

type Figure = readonly [name: string, help: string, value: (status: ListWatchStatus) => number];

function perKind(
  registry: Registry,
  Metric: typeof Gauge | typeof Counter,
  watches: () => readonly ListWatchStatus[],
  figures: readonly Figure[],
): void {
  for (const [name, help, value] of figures) {
    new Metric({
      name,
      help,
      labelNames: ['kind'],
      registers: [registry],
      collect() {
        this.reset();
        for (const status of watches()) this.inc({ kind: status.kind }, value(status));
      },
    });
  }
}

function heardSeconds({ heardAt = 0 }: ListWatchStatus): number {
  return heardAt / 1000;
}
