import type {HostTensor} from '../../engine/types.ts';
import type {ModuleFolder} from './student-kind.ts';

/** The module of sentence-transformers that cuts texts and looks up embeddings; its tokenizer.json is written beside it. */
export const wordEmbeddings = (table: HostTensor, maxTokens: number): ModuleFolder => ({
  type: 'WordEmbeddings',
  config: {
    file: 'wordembedding_config.json',
    content: {
      // Of version 6.2 and later; the older ones know no tokenizer.json here.
      tokenizer_class: 'sentence_transformers.models.tokenizer.WordTokenizer.TransformersTokenizerWrapper',
      update_embeddings: false,
      max_seq_length: maxTokens,
    },
  },
  tensors: {'emb_layer.weight': table},
});
