import type {Term} from '../../methods/method.ts';
import type {StudentNetwork} from '../../models/student.ts';
import {openPieceTargets} from './piece-targets.ts';
import type {PieceTargets, PieceTargetsOptions} from './piece-targets.ts';

export interface StudentPiecesOptions extends Omit<PieceTargetsOptions, 'file'> {
  readonly student: Pick<StudentNetwork, 'pieces'>;
  /** Its kind, for messages. */
  readonly kind: string;
  readonly terms: readonly Term[];
  /** How many corpora are learnt from. */
  readonly corpora: number;
  /** The input `pieces`. */
  readonly file: string | null;
}

/** What a student is fitted to beside sentences; null where nothing is asked for. Half of what it takes is refused. */
export const studentPieces = ({
  student,
  kind,
  terms,
  corpora,
  file,
  ...rest
}: StudentPiecesOptions): PieceTargets | null => {
  const isWeighed = terms.some(term => term.of === 'pieces');
  if (file === null) {
    if (isWeighed) throw new Error('The setting `pieces` weighs vectors of single tokens, and there are none: give the input `pieces`, by the stage embed-pieces.'); // prettier-ignore
    return null;
  }
  if (!isWeighed) throw new Error('The input `pieces` is given, and nothing weighs it: write settings: {pieces: 1}, or leave the input out.'); // prettier-ignore
  if (corpora > 1) throw new Error(`The input \`pieces\` is of one corpus, and there are ${corpora}.`);
  if (!student.pieces)
    throw new Error(`A student of the kind "${kind}" has no vectors of single tokens to fit; a bilstm has.`);
  return openPieceTargets({file, ...rest});
};
