import type {Parameters} from '../../engine/types.ts';
import {saveEncoder} from '../../models/save-encoder.ts';
import {writeTaskHeads} from '../../models/task-heads-file.ts';
import {headBias, headOf, headWeight} from './heads.ts';
import type {HeadLayout, TaskHead} from './heads.ts';

const withoutHeads = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== headWeight && name !== headBias));

/**
 * Writes a model as a folder: the encoder with its pooler in transformers' names (BertModel opens it), the tokeniser's
 * files of `from`, and heads.safetensors with a head for each task.
 */
export const saveMultiTask = (
  folder: string,
  parameters: Parameters,
  {layout, sigmoid, from}: {readonly layout: HeadLayout; readonly sigmoid: boolean; readonly from: string},
): void => {
  saveEncoder(folder, {parameters: withoutHeads(parameters), parts: {pooler: true}, from});
  writeTaskHeads(
    folder,
    Object.fromEntries(
      layout.heads.map(head => [
        head.task.name,
        {
          ...headOf(parameters, head),
          labels: head.task.kind === 'classification' ? head.task.labels : null,
          sigmoid: head.task.kind === 'regression' && sigmoid,
        },
      ]),
    ),
  );
};

/** Writes a model of one task as transformers' BertForSequenceClassification, the labels by their names in config.json. */
export const saveClassifier = (
  folder: string,
  parameters: Parameters,
  {head, from}: {readonly head: TaskHead; readonly from: string},
): void => {
  const {weight, bias} = headOf(parameters, head);
  const {task} = head;
  const names = task.kind === 'classification' ? task.labels : ['LABEL_0'];
  saveEncoder(folder, {
    parameters: {...withoutHeads(parameters), 'classifier.weight': weight, 'classifier.bias': bias},
    parts: {pooler: true, labels: head.outputs},
    from,
    changes: {
      id2label: Object.fromEntries(names.map((name, at) => [at, name])),
      label2id: Object.fromEntries(names.map((name, at) => [name, at])),
      problem_type: task.kind === 'classification' ? 'single_label_classification' : 'regression',
    },
  });
};
