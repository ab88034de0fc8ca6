/** One field of a message as it stands on the wire; bytes for texts, bytes and messages, an integer for all others. */
export interface Field {
  readonly number: number;
  readonly bytes: Buffer | null;
  readonly integer: bigint | null;
}

/** The fields of a protobuf message in their order (protobuf.dev, "Encoding"). Throws where it is none. */
export function fieldsOf(message: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError("The message ends in a field.");
    return message.subarray(at, (at += length));
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, bytes: null, integer: varint() });
        break;
      case 1:
        fields.push({ number, bytes: null, integer: take(8).readBigUInt64LE() });
        break;
      case 2:
        fields.push({ number, bytes: take(Number(varint())), integer: null });
        break;
      case 5:
        fields.push({ number, bytes: null, integer: BigInt(take(4).readUInt32LE()) });
        break;
      default:
        throw new RangeError(`A field of the kind ${tag & 7} is none of ours.`);
    }
  }
  return fields;
}
