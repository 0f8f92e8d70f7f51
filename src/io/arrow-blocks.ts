import fs from 'node:fs';
import {Message, RecordBatchReader} from 'apache-arrow';
import type {RecordBatch, Schema} from 'apache-arrow';
import {Footer} from 'apache-arrow/ipc/metadata/file';
import type {RecordBatch as RecordBatchHeader} from 'apache-arrow/ipc/metadata/message';

/** Where a record batch lies in the file (message and body together), and how many rows it has. */
interface Block {
  readonly start: number;
  readonly bytes: number;
  readonly rows: number;
  /** Where each of its buffers begins in the file. */
  readonly buffers: readonly number[];
}

export interface ArrowBlocks {
  readonly schema: Schema;
  readonly blocks: readonly Block[];
  /** Reads one record batch from the file. */
  readonly read: (block: Block) => RecordBatch;
}

const magic = 'ARROW1';

/**
 * Finds the record batches of an Arrow IPC file by its footer, without reading their bodies. The file ends in the
 * footer, its length (int32) and the magic; each block is 0xFFFFFFFF, the metadata's length (int32), the metadata and
 * the body. The footer has no row counts, the metadata of the batches has.
 */
export const openArrowBlocks = (path: string): ArrowBlocks => {
  const fd = fs.openSync(path, 'r');
  try {
    const size = fs.fstatSync(fd).size;
    const tail = size < 20 ? Buffer.alloc(10) : readBytes(fd, size - 10, 10);
    if (tail.toString('latin1', 4) !== magic || readBytes(fd, 0, 6).toString('latin1') !== magic) {
      throw new Error(
        `${path} is not an Arrow IPC file: it does not begin and end with ${magic}; was its writer stopped?`,
      );
    }
    const footerBytes = tail.readInt32LE(0);
    const footer = Footer.decode(readBytes(fd, size - 10 - footerBytes, footerBytes));
    if (footer.numDictionaries > 0)
      throw new Error(`${path} has dictionary-encoded columns; write them as plain columns.`);
    const blocks = Array.from(footer.recordBatches(), ({offset, metaDataLength, bodyLength}): Block => {
      const header = Message.decode(readBytes(fd, offset + 8, metaDataLength - 8)).header() as RecordBatchHeader;
      if (header.compression !== null) throw new Error(`${path} is compressed; write it uncompressed.`);
      const body = offset + metaDataLength;
      const buffers = header.buffers.map(buffer => body + buffer.offset);
      return {start: offset, bytes: metaDataLength + bodyLength, rows: header.length, buffers};
    });
    const schemaBytes = encodeMessage(Message.from(footer.schema as never));
    return {schema: footer.schema, blocks, read: block => readBatch(path, schemaBytes, block)};
  } finally {
    fs.closeSync(fd);
  }
};

const encodeMessage = (message: Message): Buffer => {
  const metadata = Message.encode(message);
  const padded = (metadata.length + 7) & ~7;
  const bytes = Buffer.alloc(8 + padded);
  bytes.writeInt32LE(-1, 0);
  bytes.writeInt32LE(padded, 4);
  bytes.set(metadata, 8);
  return bytes;
};

// A schema message and one record batch are a whole stream: the library's reader decodes it without a copy.
const readBatch = (path: string, schemaBytes: Buffer, block: Block): RecordBatch => {
  const fd = fs.openSync(path, 'r');
  try {
    const body = readBytes(fd, block.start, block.bytes);
    for (const batch of RecordBatchReader.from([schemaBytes, body])) return batch;
    throw new Error(`${path} changed while it was read.`);
  } finally {
    fs.closeSync(fd);
  }
};

const readBytes = (fd: number, start: number, length: number): Buffer => {
  // Not from Node's shared pool: typed arrays over the result need their own, 8-byte aligned memory.
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let done = 0; done < length;) {
    const read = fs.readSync(fd, bytes, done, length - done, start + done);
    if (read === 0) throw new Error(`The Arrow file ends in the middle of a message (at byte ${start + done}).`);
    done += read;
  }
  return bytes;
};
