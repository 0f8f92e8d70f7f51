interface File {
  readonly path: string;
  readonly stage?: string;
}

/** For each named stage the first of its models, with the arm whose scores they make. */
export const firstOfStages = (
  files: readonly File[],
  arms: Readonly<Record<string, string>>,
): {readonly arm: string; readonly folder: string}[] => {
  const known = [...new Set(files.map(({stage, path}) => stage ?? path))];
  if (Object.keys(arms).length === 0) throw new Error(`\`arms\` names no stage; \`students\` has models of ${known.join(', ')}.`); // prettier-ignore
  return Object.entries(arms).map(([stage, arm]) => {
    const one = files.find(file => file.stage === stage);
    if (!one) throw new Error(`\`arms\` names the stage "${stage}", and no model comes from there: \`students\` has those of ${known.join(', ')}.`); // prettier-ignore
    return {arm, folder: one.path};
  });
};
