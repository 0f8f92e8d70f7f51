import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';

export default defineStage({
  description: 'What a BERT encoder says of single tokens, for a student’s embeddings to start from.',
  params: z.strictObject({
    /** A BERT encoder of Hugging Face's hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1).default('folder'),
    /** The encoder's own pieces, or the most frequent words or characters of the input `idf`. */
    unit: z.enum(['teacher-piece', 'word', 'character']).default('teacher-piece'),
    /** Words or characters at most. */
    vocabulary: z.int().min(3).default(20_000),
    /** Put before each token (E5 wants "query: "); by default what the model's files say. */
    prefix: z.string().optional(),
  }),
  inputs: {
    /** With `model: folder`: config.json, model.safetensors, … */
    model: 'optional',
    /** With `unit: word` and `character`. */
    idf: 'optional',
  },
  outputs: {vectors: 'tokens.arrow', tokenizer: 'tokenizer.json'},
  async run(ctx) {
    const {unit} = ctx.params;
    const idf = ctx.in.idf?.path ?? null;
    if (unit !== 'teacher-piece' && idf === null)
      throw new StageError(`\`unit: ${unit}\` needs the input \`idf\`: the words of the corpus.`);
    const {writeTokenVectors} = await import('../src/models/token-vectors.ts');
    await asUserError(() =>
      writeTokenVectors({
        ...ctx.params,
        modelFolder: ctx.in.model?.path ?? null,
        idf,
        out: ctx.out.vectors,
        tokenizerOut: ctx.out.tokenizer,
        threads: ctx.threads,
        signal: ctx.signal,
        progress: (done, total, what) => ctx.progress({done, total, unit: what}),
      }),
    );
  },
});
