import type {PrecisionName} from './precision.ts';

/** What was measured of one file of weights. */
export interface FileParity {
  readonly precision: PrecisionName;
  readonly file: string;
  readonly bytes: number;
  /** Of the cosine between its `sentence_embedding` and training's vector, texts of `texts`. */
  readonly cosine: {readonly least: number; readonly mean: number};
}

export interface StudentFacts {
  readonly name: string;
  readonly kind: string;
  readonly language: string;
  readonly unit: string;
  readonly pooling: string;
  readonly vocabulary: number;
  readonly width: number;
  readonly maxTokens: number;
  readonly parameters: number;
  /** How many texts parity was measured on. */
  readonly texts: number;
  /** Texts whose ids are the same by tokenizer.json and by the student's own reader. */
  readonly equalIds: number;
  /** False where a token's weight depends on the word that it stands in, which the files cannot know. */
  readonly exactWeights: boolean;
  readonly modules: boolean;
  readonly files: readonly FileParity[];
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1);

const cell = (value: number): string => value.toFixed(6);

/** README.md of an exported student; every number in it was measured while it was exported. */
export const modelCard = (facts: StudentFacts): string => `---
language: ${facts.language}
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags:
- sentence-transformers
- feature-extraction
- knowledge-distillation
- onnx
---

# ${facts.name}

Sentence vectors of ${facts.width} numbers by a small student (${facts.kind}) that was distilled from a larger encoder.

| what | value |
| --- | --- |
| reads | ${facts.unit}s, ${facts.vocabulary} of them, at most ${facts.maxTokens} a text |
| pooling | ${facts.pooling} |
| parameters | ${facts.parameters} |

## Files
Parity: cosine between \`sentence_embedding\` and the vector of the trained network, on ${facts.texts} texts.

| file | weights | MB | least cosine | mean cosine |
| --- | --- | --- | --- | --- |
${facts.files.map(({file, precision, bytes, cosine}) => `| ${file} | ${precision} | ${megabytes(bytes)} | ${cell(cosine.least)} | ${cell(cosine.mean)} |`).join('\n')}

\`tokenizer.json\` gives the ids of training for ${facts.equalIds} of the ${facts.texts} texts.${limits(facts)}

## Use
${facts.modules ? sentenceTransformers : ''}Any onnxruntime: inputs \`input_ids\` and \`attention_mask\` (int64, 1 for tokens), no special tokens; outputs \`sentence_embedding\`
and \`last_hidden_state\` (already of the vector's width).
`;

const sentenceTransformers = `Python, sentence-transformers 6.2 or later:

\`\`\`python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer('path/to/this/folder')
vectors = model.encode(['A sentence.', 'Another one.'])
\`\`\`

`;

const limits = ({exactWeights, modules, unit, pooling}: StudentFacts): string =>
  [
    ...(exactWeights
      ? []
      : [
          `In training a token's weight follows from the word it stands in. These files know no words: a ${unit} has its mean weight, which the cosines above include.`,
        ]),
    ...(pooling === 'mean'
      ? []
      : ['A plain mean of `last_hidden_state` leaves out the weights of tokens: take `sentence_embedding`.']),
    ...(modules ? [] : ['sentence-transformers has no module for this network: use ONNX.']),
  ]
    .map(sentence => `\n${sentence}`)
    .join('');
