const numbers = (text: string): number[] => text.split(' ').map(Number);

/** Twenty accuracies of three arms; what is expected of them was run with SciPy 1.17.1, rliable 1.2.0, deepsig 1.2.8. */
export const A = numbers(
  '81.2 82.0 81.7 82.4 80.9 81.9 82.2 81.5 82.6 81.1 81.8 82.1 81.4 82.3 81.6 80.7 82.5 81.3 82.7 81.0',
);
export const B = numbers(
  '80.8 81.5 81.2 81.9 80.4 81.4 81.7 81.0 82.1 80.6 81.3 81.6 80.9 81.8 81.1 80.2 82.0 80.5 82.2 80.3',
);
export const D = numbers(
  '81.0 82.6 81.1 82.9 80.2 82.8 81.9 80.9 83.0 80.4 82.5 81.5 80.7 83.1 80.1 79.9 82.7 80.6 83.2 79.8',
);
export const C = A.map((value, at) => value - 0.35 + (at % 3 === 0 ? 0.9 : 0));
