import {prettifyError} from 'zod';
import type {AnyStudent, StudentNetwork} from './student.ts';
import type {StudentShape} from './student-config.ts';

/** What a stage that makes or loads a student of this shape lists in `uses`. */
export const studentModule = ({model}: Pick<StudentShape, 'model'>): string => `src/models/students/${model}.ts`;

/** The kind of student that is declared in `src/models/students/<model>.ts`, with its sizes and settings. */
export const openStudentNetwork = async (
  shape: Pick<StudentShape, 'model' | 'settings' | 'embedding' | 'hidden' | 'pooling'>,
  sizes: {readonly vocabulary: number; readonly width: number},
): Promise<StudentNetwork> => {
  const {default: model} = (await import(/* @vite-ignore */ `./students/${shape.model}.ts`)) as {default: AnyStudent};
  const parsed = model.settings.safeParse(shape.settings);
  if (!parsed.success) throw new Error(`settings of the student "${shape.model}": ${prettifyError(parsed.error)}`);
  const {embedding, hidden, pooling} = shape;
  if (!model.poolings.includes(pooling))
    throw new Error(`The student "${shape.model}" has no pooling "${pooling}"; it has ${model.poolings.join(', ')}.`);
  const settings = parsed.data;
  return {
    directions: model.directions,
    tables: model.tables,
    init: random => model.init({...sizes, embedding, hidden}, settings, random),
    sentence: (p, batch, ctx) => model.sentence(p, batch, ctx, {pooling, settings}),
    ...(model.pieces && {pieces: (p, batch, ctx) => model.pieces!(p, batch, ctx, {pooling, settings})}),
  };
};
