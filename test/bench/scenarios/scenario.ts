import { figure } from '../markdown-table.ts';

/** One figure of a scenario: whether it is within its bound, where it has one. */
export interface ScenarioFigure {
  readonly what: string;
  readonly value: string;
  /** In words; empty where the figure is only told. */
  readonly bound: string;
  readonly isMet?: boolean;
}

export interface ScenarioContext {
  /** Empty, for worlds. */
  readonly directory: string;
  readonly services: number;
  readonly seconds: number;
  readonly cycles: number;
  /** Tells somebody who waits how far it is. */
  readonly progress: (text: string) => void;
}

/** Something that happens to a control plane in production, and what must come of it. */
export interface Scenario {
  readonly name: string;
  /** Size of its world, where that is not for the caller to choose. */
  readonly services?: number;
  readonly run: (context: ScenarioContext) => Promise<readonly ScenarioFigure[]>;
}

/** A figure without a bound. */
export function told(what: string, value: number | string): ScenarioFigure {
  return { what, value: typeof value === 'number' ? figure(value) : value, bound: '' };
}

export function atMost(what: string, value: number, bound: number): ScenarioFigure {
  return { what, value: figure(value), bound: `at most ${figure(bound)}`, isMet: value <= bound };
}

export function exactly(what: string, value: number, expected: number): ScenarioFigure {
  return { what, value: String(value), bound: String(expected), isMet: value === expected };
}
