/** One of Istio's suites as it lies in a folder. */
export interface Suite {
  readonly name: string;
  /** The cases in the folder of that name; none where there is no such folder. */
  readonly casesIn: (data: string) => readonly SuiteCase[];
}

export interface SuiteCase {
  readonly name: string;
  /** Why it cannot be asked yet; such a case counts neither as passed nor as failed. */
  readonly notApplicable?: string;
  /** Everything in which we and Istio disagree; empty: the case passes. */
  readonly disagreements: () => Promise<readonly string[]>;
}
