/**
 * `distill-pipeline/student`: trained students in a Node program of one's own. `serveStudent({folder})` takes a folder as
 * `train-student` leaves it and gives `embed(texts)`, the vectors of training [text, width] end to end; see docs/students.md.
 */
export {serveStudent, type ServedStudent, type ServeOptions} from './models/export/served-student.ts';
