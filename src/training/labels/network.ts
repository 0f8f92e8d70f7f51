import type {Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import {openFastReader} from '../../models/fast-reader.ts';
import {openStudentNetwork} from '../../models/open-student.ts';
import {readWordIdf} from '../../models/read-word-idf.ts';
import type {StudentForward} from '../../models/student.ts';
import type {StudentShape} from '../../models/student-config.ts';
import {readStudent} from '../../models/student-folder.ts';
import type {TextEncoder} from '../../models/encoded-text.ts';
import {openNewStudent} from '../vectors/new-student.ts';

/** A student before its head: how it reads, its weights, and how wide its sentence vectors are. */
export interface Network {
  readonly encodeText: TextEncoder;
  readonly parameters: Parameters;
  readonly network: StudentForward;
  readonly width: number;
}

/** The distilled student in `folder`; a stage names its kind, `model`, because the kind's code is part of the stage's. */
export const openNetwork = async ({
  folder,
  model,
  idfFile,
}: {
  readonly folder: string;
  readonly model: string;
  /** Words are weighed by this idf.arrow instead of the one that the student was distilled with. */
  readonly idfFile?: string | undefined;
}): Promise<Network> => {
  const {config, vocabulary, idf, parameters, tokenizer} = readStudent(folder, model);
  return {
    encodeText: await openFastReader({
      config,
      vocabulary,
      idf: idfFile === undefined ? idf : readWordIdf(idfFile),
      tokenizer,
    }),
    parameters,
    network: await openStudentNetwork(config, {vocabulary: vocabulary.size, width: config.width}),
    width: config.width,
  };
};

/** A network of this shape with random weights: what `plain` starts from. */
export const randomNetwork = async (options: {
  readonly idfFile: string;
  /** Of students that read the teacher's pieces. */
  readonly tokenizerFile: string | null;
  readonly student: StudentShape;
  readonly language: 'en' | 'zh';
  readonly width: number;
  readonly random: Random;
}): Promise<Network> => {
  const {width, random} = options;
  const student = await openNewStudent(options);
  const network = await student.open(width);
  return {encodeText: student.encodeText, parameters: network.init(random), network, width};
};
