/** A cell depends on itself: a defect of the graph, never of the data. */
export class CycleError extends Error {
  constructor(path: readonly string[]) {
    super(`cycle: ${path.join(' -> ')} reads a cell that depends on it`);
    this.name = 'CycleError';
  }
}
