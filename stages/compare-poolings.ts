import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import type {Pooling} from '../src/models/teacher-pooling.ts';

export default defineStage({
  description:
    "The teacher's quality by pooling: do cosines of its vectors rank labelled pairs of train splits rightly?",
  params: z.strictObject({
    model: z.enum(['use-lite']).default('use-lite'),
    smoothing: z.number().nonnegative().default(0.1),
    /** Pairs of each task, the first ones. */
    rows: z.int().positive().default(1000),
  }),
  /** `train`: train.tsv of tasks; those of single sentences or many classes are passed over. */
  inputs: {train: 'many', sentences: 'one', idf: 'one'},
  outputs: {scores: 'poolings.json'},
  async run(ctx) {
    const {smoothing, rows} = ctx.params;
    const [{openUseLiteTeacher}, {embedTexts}, {openPooling}, {useLiteDim}, pairs, fs] = await Promise.all([
      import('../src/models/use-lite-teacher.ts'),
      import('../src/models/embed-texts.ts'),
      import('../src/models/teacher-pooling.ts'),
      import('../src/models/use-lite-weights.ts'),
      import('../src/evaluation/pooling-scores.ts'),
      import('node:fs'),
    ]);
    const tasks = asUserError(() =>
      ctx.in.train.flatMap(({path, axis}) => pairs.readLabelledPairs(axis['task'] ?? path, path, rows) ?? []),
    );
    const ways: Readonly<Record<string, Pooling>> = {
      'mean of the pieces': {pooling: 'mean', idfUnit: 'piece', smoothing},
      'IDF of words, shared by their pieces': {
        pooling: 'idf',
        idfUnit: 'word',
        smoothing,
      },
      'IDF of pieces': {pooling: 'idf', idfUnit: 'piece', smoothing},
    };
    const names = Object.keys(ways);

    const texts = [...new Set(tasks.flatMap(task => task.pairs.flat()))];
    const rowOf = new Map(texts.map((text, row) => [text, row]));
    const teacher = await openUseLiteTeacher({threads: ctx.threads});
    const files = {
      sentences: () => ctx.in.sentences.path,
      idf: () => ctx.in.idf.path,
    };
    const vectors = await embedTexts(texts, {
      teacher,
      poolings: asUserError(() => names.map(name => openPooling(ways[name]!, files, teacher.tokenizer))),
      budget: 1024,
      onBatch: done => {
        ctx.signal.throwIfAborted();
        ctx.progress({done, total: texts.length, unit: 'sentence'});
      },
    });
    await teacher.session.close();

    const poolings = names.map((name, way) => {
      const vectorOf = (text: string): Float32Array => {
        const at = (rowOf.get(text)! * names.length + way) * useLiteDim;
        return vectors.subarray(at, at + useLiteDim);
      };
      const spearman = Object.fromEntries(tasks.map(task => [task.task, pairs.pairCorrelation(task, vectorOf)]));
      return {name, ...ways[name]!, spearman};
    });
    const counted = Object.fromEntries(tasks.map(task => [task.task, task.pairs.length]));
    fs.writeFileSync(ctx.out.scores, `${JSON.stringify({split: 'train', pairs: counted, poolings}, null, 1)}\n`);
    for (const {name, spearman} of poolings) {
      const cells = Object.entries(spearman).map(([task, value]) => `${task} ${value.toFixed(4)}`);
      if (cells.length > 0) ctx.log(`${name}: ${cells.join(', ')}`);
    }
    if (tasks.length === 0) ctx.log('no task has pairs with scores or two classes: there is nothing to compare');
  },
});
