import fs from 'node:fs';
import {Message, RecordBatchFileWriter} from 'apache-arrow';
import type {Schema} from 'apache-arrow';

/** Every chunk goes to the file at once, so that memory stays flat however many batches are appended. */
export class FileWriter extends RecordBatchFileWriter {
  readonly #fd: number;
  constructor(path: string, schema: Schema) {
    super();
    this.#fd = fs.openSync(path, 'w');
    this.reset(undefined, schema);
  }
  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started) return this;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let done = 0; done < bytes.length;) done += fs.writeSync(this.#fd, bytes, done);
    this._position += bytes.length;
    return this;
  }
  // apache-arrow leaves the schema message out of files, though the format is "magic, then a stream": readers that walk
  // the messages need it.
  protected override _writeSchema(schema: Schema): this {
    return super._writeSchema(schema)._writeMessage(Message.from(schema as never) as Message);
  }
  override close(): void {
    super.close();
    fs.closeSync(this.#fd);
  }
}
