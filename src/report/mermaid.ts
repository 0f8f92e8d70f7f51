/** What report/ needs of the pipeline's facts. */
export interface StageFact {
  readonly name: string;
  readonly type: string | null;
  readonly needs: readonly string[];
  readonly instances: number;
}

/** A quoted label: GitHub's mermaid reads `"` and `#` as its own, so they become entities. */
const label = (text: string): string => `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;')}"`;

/** The DAG of stages as a mermaid flowchart, in a fence that GitHub draws. */
export const mermaid = (stages: readonly StageFact[]): string => {
  // Ids of our own: a stage may be called "end" or "graph", words that mermaid doesn't take as an id.
  const ids = new Map(stages.map((stage, i) => [stage.name, `s${i}`]));
  const nodes = stages.map(stage => {
    const type = stage.type === null || stage.type === stage.name ? '' : `<br>${stage.type}`;
    const count = stage.instances === 1 ? '' : `<br>× ${stage.instances}`;
    return `  ${ids.get(stage.name)}[${label(`${stage.name}${type}${count}`)}]`;
  });
  const edges = stages.flatMap(stage =>
    stage.needs.flatMap(need => (ids.has(need) ? [`  ${ids.get(need)} --> ${ids.get(stage.name)}`] : [])),
  );
  return ['```mermaid', 'flowchart TD', ...nodes, ...edges, '```'].join('\n');
};
