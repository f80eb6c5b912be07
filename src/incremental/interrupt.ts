/**
 * Stops a compute that read something not settled yet. The map it was run for has been moved above that and is tried again there,
 * so the compute starts over and never sees a mixture of old and new.
 */
export class Interrupt extends Error {
  constructor() {
    super('a compute is put off until what it reads is settled; it must not catch this');
    this.name = 'Interrupt';
  }
}
