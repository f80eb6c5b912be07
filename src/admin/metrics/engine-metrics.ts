import { Counter, Gauge, type Registry } from 'prom-client';
import type { EngineStats } from '../../incremental/cell.ts';

export interface EngineFigures {
  readonly revision: number;
  stats(): EngineStats;
}

/** What a change costs: the recomputed cells, beside the changes themselves. */
export function addEngineMetrics(registry: Registry, engine: EngineFigures): void {
  const total = (name: string, help: string, value: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  total('coxswain_changes_total', 'Changes of configuration or endpoints, each computed as one revision.', () => engine.revision);
  total(
    'coxswain_recomputed_cells_total',
    'Cells recomputed; its rate over that of coxswain_changes_total is what one change costs.',
    () => engine.stats().recomputed,
  );
  new Gauge({
    name: 'coxswain_cells',
    help: 'Derived cells that hold a value.',
    registers: [registry],
    collect() {
      this.set(engine.stats().cells);
    },
  });
}
