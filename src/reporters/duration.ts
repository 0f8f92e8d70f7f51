/** `0.11 s`, `12.3 s`, `3 min 05 s`, `2 h 07 min`: three significant digits are all that a person reads. */
export const formatDuration = (seconds: number): string => {
  if (seconds < 9.95) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
};

/** For times that are guessed or still running: whole seconds, `4 s`. */
export const formatRoughly = (seconds: number): string =>
  seconds < 59.5 ? `${Math.round(seconds)} s` : formatDuration(seconds);

const twoDigits = (value: number): string => String(value).padStart(2, '0');
