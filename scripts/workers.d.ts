/** What workerd has and Node has not, for the parts of the Worker that tests and scripts name the types of. */
declare class FixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(length: number | bigint);
}
