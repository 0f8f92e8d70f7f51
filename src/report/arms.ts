/** What each arm is, for the report's list of what was compared; an arm that isn't here is printed by its name alone. */
const meanings: Readonly<Record<string, string>> = {
  majority: 'the most frequent label of the training rows (the mean, for a regression): what knowing nothing gives',
  'tfidf-lr': 'a logistic regression (ridge for a regression) on TF-IDF features',
  'teacher-lr': "a logistic regression (ridge for a regression) on the teacher's own sentence vectors",
  plain: 'the student network trained on the labels alone, from random weights',
  lsa: "the same distillation from LSA vectors instead of the teacher's: is it the teacher, or any vectors of this text?",
  'ltd-frozen': 'the distilled student with its encoder kept fixed: only the head learns from the labels',
  ltd: "the student distilled from the teacher's sentence vectors, then fine-tuned on the labels",
};

export const armLine = (arm: string): string => `\`${arm}\`${meanings[arm] ? `: ${meanings[arm]}` : ''}`;
