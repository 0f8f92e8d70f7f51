import fs from 'node:fs';
import path from 'node:path';
import type {Engine, HostTensor} from '../../engine/types.ts';
import {encodeModel} from '../../io/onnx.ts';
import {loadKind} from '../../models/export/load-kind.ts';
import {modelCard} from '../../models/export/model-card.ts';
import type {FileParity, StudentFacts} from '../../models/export/model-card.ts';
import {openPortableSession} from '../../models/export/portable-session.ts';
import {precisions} from '../../models/export/precision.ts';
import type {PrecisionName} from '../../models/export/precision.ts';
import {portableGraph} from '../../models/export/student-graph.ts';
import {studentIds} from '../../models/export/student-ids.ts';
import {writeJson, writeModules, writeTokenizer} from '../../models/export/write-modules.ts';
import {openStudentNetwork} from '../../models/open-student.ts';
import {openStudentEncoder} from '../../models/student-encoder.ts';
import {readStudent} from '../../models/student-folder.ts';
import type {Student} from '../../models/student-folder.ts';
import {openFastReader} from '../../models/fast-reader.ts';
import type {EncodedText} from '../../models/encoded-text.ts';
import {createTokenizer} from '../../text/tokenizer.ts';
import {cosine, rowsOf} from '../../math/vector-rows.ts';

/** Names in `onnx/` that Transformers.js looks for. */
const fileNames: Readonly<Record<PrecisionName, string>> = {
  float32: 'model.onnx',
  float16: 'model_fp16.onnx',
  int8: 'model_quantized.onnx',
  int4: 'model_q4.onnx',
};

export interface ExportOptions {
  /** A student as `train-student` leaves it. */
  readonly folder: string;
  readonly out: string;
  readonly name: string;
  readonly precisions: readonly PrecisionName[];
  /** Texts on which the export is compared with the trained network. */
  readonly texts: readonly string[];
  readonly engine: Engine;
  readonly threads: number;
}

/** Writes a folder that sentence-transformers, onnxruntime and Transformers.js load, and measures what it lost. */
export const exportStudent = async (options: ExportOptions): Promise<StudentFacts> => {
  const {out, texts, threads} = options;
  const student = readStudent(options.folder);
  const {config, vocabulary} = student;
  if (config.pooling === 'last')
    throw new Error('Students with the pooling "last" cannot be exported; idf, mean, cls and max can.');
  const kind = await loadKind(config.model);
  const {tokenizer, names, folded} = studentIds(student, options.folder);
  const weightOfId = weightsOfIds(config.pooling === 'idf' ? folded.weights : null, kind.gates?.(student) ?? null);
  const projection = kind.projection(student);

  fs.mkdirSync(path.join(out, 'onnx'), {recursive: true});
  writeTokenizer(out, tokenizer);
  writeJson(path.join(out, 'config.json'), {
    ...{model_type: config.model, hidden_size: config.width, vocab_size: vocabulary.size},
    'transformers.js_config': {dtype: 'fp32'},
  });
  // sentence-transformers takes the first state of networks with a [CLS] alone.
  const modules = config.pooling === 'cls' ? null : kind.modules(student);
  if (modules) {
    writeModules({
      ...{folder: out, modules, dim: projection?.inputs ?? config.width, projection, tokenizer},
      pooling: config.pooling === 'max' ? 'max' : 'mean',
      tokenWeights: weightOfId && {tokens: names, weights: weightOfId.data},
    });
  }

  const trained = await trainedTexts(student, options);
  const reader = createTokenizer(tokenizer.json);
  const outside = texts.map(text => reader.encode(text).subarray(0, config.maxTokens));
  const theirs = rowsOf(trained.vectors, config.width);
  const files: FileParity[] = [];
  for (const precision of options.precisions) {
    const file = path.join('onnx', fileNames[precision]);
    const model = portableGraph({student, kind, precision: precisions[precision], weightOfId});
    fs.writeFileSync(path.join(out, file), encodeModel(model));
    const session = await openPortableSession(path.join(out, file), {threads});
    const ours = rowsOf(await session.embed(outside), config.width);
    await session.close();
    const cosines = texts.map((_, row) => cosine(ours.row(row), theirs.row(row)));
    const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
    files.push({...{precision, file, bytes: fs.statSync(path.join(out, file)).size}, cosine: {least: Math.min(...cosines), mean}}); // prettier-ignore
  }
  const facts: StudentFacts = {
    ...{name: options.name, kind: config.model, language: config.language, unit: config.unit, pooling: config.pooling},
    ...{vocabulary: vocabulary.size, width: config.width, maxTokens: config.maxTokens},
    parameters: Object.values(student.parameters).reduce((sum, {data}) => sum + data.length, 0),
    texts: texts.length,
    equalIds: outside.filter((ids, row) => areEqual(ids, trained.encoded[row]!.ids)).length,
    exactWeights: config.pooling !== 'idf' || folded.exact,
    modules: modules !== null,
    files,
  };
  fs.writeFileSync(path.join(out, 'README.md'), modelCard(facts));
  return facts;
};

/** Weights of words and the gates that a student learnt, as one weight for each id; null where all count alike. */
const weightsOfIds = (weights: HostTensor | null, gates: Float32Array | null): HostTensor | null => {
  if (gates === null) return weights;
  return {shape: [gates.length], data: weights ? weights.data.map((weight, id) => weight * gates[id]!) : gates};
};

/** The texts as training reads them, and the vectors of its own network. */
const trainedTexts = async (
  student: Student,
  {texts, engine}: ExportOptions,
): Promise<{encoded: EncodedText[]; vectors: Float32Array}> => {
  const {config, vocabulary, parameters} = student;
  const encodeText = await openFastReader(student);
  const encoded = texts.map(encodeText);
  const network = await openStudentNetwork(config, {vocabulary: vocabulary.size, width: config.width});
  const encoder = openStudentEncoder({engine, parameters, network, width: config.width, rows: 32});
  const vectors = await encoder.encode(encoded);
  await encoder.close();
  return {encoded, vectors};
};

const areEqual = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((id, at) => id === b[at]);
