/** The characters of a text for character students: code points of its lower-cased NFC form, whitespace left out. */
export const characters = (text: string): string[] => text.normalize('NFC').toLowerCase().match(/\S/gu) ?? [];
