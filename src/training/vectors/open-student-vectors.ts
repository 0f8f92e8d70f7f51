import type {PrecisionName} from '../../models/export/precision.ts';
import {readWordIdf} from '../../models/read-word-idf.ts';
import {readStudent} from '../../models/student-folder.ts';

export interface StudentVectors {
  readonly width: number;
  /** [text, width] end to end, in the order of the texts. */
  embed(texts: readonly string[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The distilled student in `folder`, of the kind `model`, as training computes it (null) or as it serves. */
export const openStudentVectors = async ({
  folder,
  model,
  idfFile,
  precision,
  threads,
}: {
  readonly folder: string;
  readonly model: string;
  /** Words are weighed by this idf.arrow instead of the one that the student was distilled with. */
  readonly idfFile: string | undefined;
  readonly precision: PrecisionName | null;
  readonly threads: number;
}): Promise<StudentVectors> => {
  if (precision === null) {
    const [{openEngine}, {openNetwork}, {openStudentEncoder}] = await Promise.all([
      import('../../engine/engine.ts'),
      import('../labels/network.ts'),
      import('../../models/student-encoder.ts'),
    ]);
    const network = await openNetwork({folder, model, idfFile});
    const encoder = openStudentEncoder({...network, engine: await openEngine({threads})});
    const {width, encodeText} = network;
    return {width, embed: texts => encoder.encode(texts.map(encodeText)), close: () => encoder.close()};
  }
  const {serve} = await import('../../models/export/served-student.ts');
  const student = readStudent(folder, model);
  const idf = idfFile === undefined ? student.idf : readWordIdf(idfFile);
  return serve({...student, idf}, {precision, threads});
};
