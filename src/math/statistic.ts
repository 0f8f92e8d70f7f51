/** Of one or more samples. The arrays are buffers filled anew for each call: read or sort them, do not keep them. */
export type Statistic = (...samples: Float64Array[]) => number;

/** A number and its confidence interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface TestResult {
  readonly statistic: number;
  readonly p: number;
}
