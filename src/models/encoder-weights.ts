import type {HostTensor} from '../engine/types.ts';
import {openTensorFiles} from '../io/tensor-files.ts';
import type {TensorFiles} from '../io/tensor-files.ts';
import type {EncoderConfig} from './encoder-config.ts';
import {canonicalName, encoderShapes, isOtherHead, isRedundant} from './encoder-names.ts';
import type {EncoderParts} from './encoder-names.ts';

export interface EncoderWeights {
  /** By the names of `encoderShapes`, float32. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** Tensors of the checkpoint that no part of a BERT has; something else was trained than what is run. */
  readonly unexpected: readonly string[];
  readonly parts: EncoderParts;
  readonly files: readonly string[];
}

/** Which parts a checkpoint has, by its (canonical) names. */
export const partsOf = (shapes: ReadonlyMap<string, readonly number[]>): EncoderParts => {
  const labels = shapes.get('classifier.weight')?.[0];
  return {
    pooler: shapes.has('pooler.dense.weight'),
    mlm: shapes.has('cls.predictions.transform.dense.weight'),
    ...(labels !== undefined && {labels}),
  };
};

/**
 * Reads the weights of a folder. `parts` says what beyond the encoder is wanted (default: nothing). A tensor that is
 * missing or has another shape than config.json says is an error that lists all of them.
 */
export const readEncoderWeights = (
  folder: string,
  config: EncoderConfig,
  parts: EncoderParts | 'all' = {},
): EncoderWeights => {
  const files = openTensorFiles(folder);
  try {
    const names = canonicalNames(files, folder);
    const present = new Map([...names].map(([name, original]) => [name, files.shape(original)]));
    const wanted = parts === 'all' ? partsOf(present) : parts;
    const expected = encoderShapes(config, wanted);
    // The output layer of the masked-word head may carry its bias under the decoder's name only.
    if (wanted.mlm && !names.has('cls.predictions.bias')) {
      const tied = names.get('cls.predictions.decoder.bias');
      if (tied) names.set('cls.predictions.bias', tied);
    }
    const problems: string[] = [];
    for (const [name, shape] of expected) {
      const original = names.get(name);
      if (original === undefined) problems.push(`${name} [${shape.join(', ')}] is missing`);
      else if (files.shape(original).join() !== shape.join()) {
        problems.push(`${original} is [${files.shape(original).join(', ')}], expected [${shape.join(', ')}]`);
      }
    }
    const unexpected = [...names.keys()].filter(
      name => !expected.has(name) && !isRedundant(name) && !isOtherHead(name),
    );
    if (problems.length > 0) throw new Error(doesNotFit(folder, problems, unexpected));
    const parameters: Record<string, HostTensor> = {};
    for (const [name, shape] of expected) parameters[name] = {shape, data: files.read(names.get(name)!)};
    return {parameters, unexpected, parts: wanted, files: files.files};
  } finally {
    files.close();
  }
};

const canonicalNames = (files: TensorFiles, folder: string): Map<string, string> => {
  const names = new Map<string, string>();
  for (const original of files.names) {
    const name = canonicalName(original);
    const other = names.get(name);
    if (other) throw new Error(`${folder} has ${name} twice, as ${other} and as ${original}. Keep the right one.`);
    names.set(name, original);
  }
  return names;
};

const listed = 12;

const list = (lines: readonly string[]): string =>
  lines.slice(0, listed).join('\n  ') + (lines.length > listed ? `\n  and ${lines.length - listed} more` : '');

const doesNotFit = (folder: string, problems: readonly string[], unexpected: readonly string[]): string =>
  `The weights of ${folder} do not fit its config.json:\n  ${list(problems)}` +
  (unexpected.length > 0 ? `\nTensors that no BERT has:\n  ${list(unexpected)}` : '') +
  '\nCheck that both files come from the same model, and that it is a BertModel.';
