import {lrcAblation} from '../paper/lrc-ablation.ts';
import {lrc5} from '../published/lrc-bert.ts';

export default lrcAblation('LRC-BERT, Table 5: angle or squared error', lrc5, [
  {name: 'LRC-BERT, angle', arm: 'lrc-bert'},
  {name: 'mean squared error', arm: 'lrc-mse', relativeTo: 'lrc-bert', against: ['lrc-bert']},
]);
