import * as tf from '@tensorflow/tfjs-core';
import {createTrainer} from '../../engine/trainer.ts';
import type {Engine, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import {warmupLinear} from '../../math/schedules.ts';
import type {Term} from '../../methods/method.ts';
import {totalLoss} from '../../methods/total-loss.ts';
import {planName, sentenceBatch} from '../../models/sentence-batch.ts';
import type {StudentForward} from '../../models/student.ts';
import {epochPlans} from './epoch-plans.ts';
import type {PieceTargets} from './piece-targets.ts';
import type {TeacherMatch} from '../../evaluation/teacher-match.ts';
import type {VectorRows} from '../../math/vector-rows.ts';
import type {Sentences} from './taught-corpus.ts';

export interface DistilOptions {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly terms: readonly Term[];
  readonly student: StudentForward;
  /** Row i of `teacher` is the teacher's vector of sentence i. */
  readonly sentences: Sentences;
  readonly teacher: VectorRows;
  /** Tokens of a sentence. */
  lengthOf(sentence: number): number;
  /** The sentences of one epoch, by number; one may be there more than once. */
  readonly members: ArrayLike<number>;
  /** The teacher's vectors of single tokens, of some of the sentences: these come in batches of their own. */
  readonly pieces?: PieceTargets | null;
  /** Sentences of one group, by number, share batches. */
  readonly groups?: ArrayLike<number> | null;
  readonly epochs: number;
  /** Instead of `epochs`: the last one then ends early. */
  readonly steps?: number | undefined;
  readonly batch: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly clipNorm: number;
  readonly beta2: number;
  readonly seed: number;
  /** Its forks give the order of each epoch, so that an epoch's order is the same after a restart. */
  readonly random: Random;
  /** Where checkpoints lie; a training that finds one goes on from it and ends with the same bytes. */
  readonly checkpoints: string;
  readonly checkpointSteps: number;
  readonly signal: AbortSignal;
  onStep(point: CurvePoint, total: number): void;
  /** How close the student is on sentences that are not learnt from: asked once an epoch. */
  heldOutMatch(parameters: Parameters): Promise<TeacherMatch>;
}

/** One step of the learning curve; `step` counts from 1. */
export interface CurvePoint extends Partial<TeacherMatch> {
  readonly step: number;
  readonly loss: number;
  readonly rate: number;
}

/** The student after the last step, how close it is then, and all steps' losses. */
export interface Distilled {
  readonly parameters: Parameters;
  readonly match: TeacherMatch;
  readonly curve: readonly CurvePoint[];
}

/** Trains a student to lie where its teacher lies. */
export const distil = async (options: DistilOptions): Promise<Distilled> => {
  const {sentences, teacher, members, random, student, pieces, groups} = options;
  const terms = {
    sentences: options.terms.filter(term => term.of !== 'pieces'),
    pieces: options.terms.filter(term => term.of === 'pieces'),
  };
  const trainer = createTrainer({
    engine: options.engine,
    parameters: options.parameters,
    lazyRows: options.student.tables.filter(name => name in options.parameters),
    seed: options.seed,
    optimizer: {clipNorm: options.clipNorm, beta2: options.beta2},
    loss: (p, inputs, ctx) => {
      const teacherVectors = inputs['teacher'] as tf.Tensor2D;
      const ofSentences = (vectors: tf.Tensor2D): tf.Scalar =>
        totalLoss(terms.sentences, {student: vectors, teacher: teacherVectors}, inputs['rowWeights'] as tf.Tensor1D, ctx.progress); // prettier-ignore
      if (!('pieces' in inputs)) return ofSentences(student.sentence(p, inputs, ctx));
      const found = student.pieces!(p, inputs, ctx);
      const pair = {student: found.pieces, teacher: inputs['pieces'] as tf.Tensor2D};
      return tf.add(
        ofSentences(found.sentence),
        totalLoss(terms.pieces, pair, inputs['pieceWeights'] as tf.Tensor1D, ctx.progress),
      );
    },
  });
  const lengths = Array.from(members, sentence => options.lengthOf(sentence));
  const order = (epoch: number) =>
    epochPlans({
      ...{lengths, rows: options.batch, random: random.fork(`epoch-${epoch}`)},
      apart: pieces ? at => pieces.countOf(members[at]!) > 0 : undefined,
      groups: groups ? Uint32Array.from(members, sentence => groups[sentence]!) : undefined,
    });
  let plans = order(0);
  const stepsPerEpoch = plans.length; // the same lengths give the same number of batches in every order
  const total = options.steps ?? stepsPerEpoch * options.epochs;
  const notes = await trainer.restore(options.checkpoints);
  const curve = notes ? (JSON.parse(notes['curve']!) as CurvePoint[]) : [];
  if (trainer.steps < total) plans = order(Math.floor(trainer.steps / stepsPerEpoch));

  while (trainer.steps < total) {
    options.signal.throwIfAborted();
    const at = trainer.steps % stepsPerEpoch;
    if (at === 0) plans = order(trainer.steps / stepsPerEpoch);
    const plan = plans[at]!;
    const chosen = plan.members.map(member => members[member]!);
    const batch = sentenceBatch(
      chosen.map(sentence => sentences.at(sentence)!),
      {...plan, directions: student.directions},
    );
    const targets = new Float32Array(plan.rows * teacher.dim);
    for (const [row, sentence] of chosen.entries()) targets.set(teacher.row(sentence), row * teacher.dim);
    const rate = options.learningRate * warmupLinear(trainer.steps, total, options.warmupSteps);
    const loss = await trainer.step(
      {
        ...batch,
        teacher: {dtype: 'float32', shape: [plan.rows, teacher.dim], data: targets},
        ...(pieces && pieces.countOf(chosen[0]!) > 0 && pieces.inputs(chosen, plan)),
      },
      {learningRate: rate, progress: trainer.steps / total, batchName: () => planName(plan, at, plans)},
    );
    const point: CurvePoint = {step: trainer.steps, loss, rate};
    const isEpochEnd = trainer.steps % stepsPerEpoch === 0 && trainer.steps < total;
    curve.push(isEpochEnd ? {...point, ...(await options.heldOutMatch(trainer.parameters()))} : point);
    options.onStep(point, total);
    if (trainer.steps % options.checkpointSteps === 0)
      await trainer.save(options.checkpoints, {curve: JSON.stringify(curve)});
  }
  const parameters = trainer.parameters();
  await trainer.close();
  const match = await options.heldOutMatch(parameters);
  return {parameters, match, curve: [...curve.slice(0, -1), {...curve.at(-1)!, ...match}]};
};
