import type { TemplateObject, Test } from './template.ts';

/** One object of an installation, and in which file of a chart it stands. */
export interface ChartTemplate {
  /** Name of the file, without `.yaml`; several objects may share one. */
  readonly file: string;
  readonly object: TemplateObject;
  /** The object is made only where this holds. */
  readonly only?: Test;
}
