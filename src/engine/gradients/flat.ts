import {type Gradient, zero} from './define.ts';

/** Kernels whose gradient is zero wherever there is one. */
export const flat: Readonly<Record<string, Gradient>> = {
  ...Object.fromEntries(
    [
      'All',
      'Any',
      'ArgMax',
      'ArgMin',
      'Ceil',
      'Floor',
      'LogicalNot',
      'OnesLike',
      'Round',
      'Sign',
      'Step',
      'ZerosLike',
    ].map(kernel => [kernel, zero('x')]),
  ),
  ...Object.fromEntries(
    ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'NotEqual'].map(kernel => [
      kernel,
      zero('a', 'b'),
    ]),
  ),
  OneHot: zero('indices'),
};
