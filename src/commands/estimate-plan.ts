import {lastUsage} from '../runner/last-usage.ts';
import type {Plan} from '../runner/plan.ts';
import type {Project} from '../runner/project.ts';
import {capacityFor, defaultJobs} from '../runner/schedule/capacity.ts';
import {type Estimate, estimateRun} from '../runner/schedule/estimate.ts';

/** How long a run would take if everything took as long as last time; what only may run counts as if it did. */
export const estimatePlan = (
  project: Project,
  {entries}: Plan,
  {jobs = defaultJobs({name: 'local'}), executor = 'local'}: {jobs?: number | undefined; executor?: string} = {},
): Estimate => {
  const running = new Set(
    entries.filter(({outcome}) => outcome === 'stale' || outcome === 'may-run').map(({id}) => id),
  );
  return estimateRun({
    instances: running.size === 0 ? [] : project.graph.instances.filter(({id}) => running.has(id)),
    lastSeconds: id => lastUsage(project, id)?.seconds,
    capacity: capacityFor({name: executor}, jobs),
    jobs,
  });
};
